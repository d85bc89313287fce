import type { Db } from '../store/db.ts'
import { heldReason, unparkDeliveries } from '../store/deliveries.ts'
import { unholdEnrollments } from '../store/enrollments.ts'

/**
 * Lets held enrollments run again, and what was parked for nothing but that hold: the other half of `holdEnrollments`.
 * Inside the caller's transaction, which has locked the enrollments and found no other trouble with them.
 */
export async function releaseEnrollments(tx: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await unholdEnrollments(tx, ids)
  await unparkDeliveries(tx, ids, heldReason)
}
