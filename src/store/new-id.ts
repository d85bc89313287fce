import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/** Random bytes for 256 ids at a time: asking the system for each costs more than the rest of an id. */
const pool = Buffer.alloc(4_096)
let used = pool.length
let msecs = 0
let seq = 0

/** A UUIDv7, greater than every earlier one of this process. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.subarray(used, (used += 16))
  const now = Date.now()
  if (now > msecs) {
    msecs = now
    seq = random.readUInt32BE(6) >>> 1
  } else if ((seq = (seq + 1) | 0) === 0) msecs++
  return v7({ random, msecs, seq })
}
