import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { type CaptureResult, isPublic, type ReadCapture } from '../core/capture.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import type { Sequence } from '../core/sequence.ts'
import { hashSequence } from '../sequences/index.ts'
import { withoutSteps } from '../sequences/without-steps.ts'
import { type CaptureWrites, lockAddresses, readCaptureFacts, writeCaptures } from '../store/capture-batch.ts'
import { type Db, inTransaction, sqlState, uniqueViolation } from '../store/db.ts'
import { ensureDefinition } from '../store/enrollments.ts'
import { type CurrentSequence, decideCapture } from './decide-capture.ts'

type Settled = PromiseSettledResult<CaptureResult>

/** What must not be in two batches at once: an address, and a submission. */
export function keysOfCapture({ source, externalId, content }: ReadCapture): string[] {
  const submission = `${source.id} ${externalId}`
  return content.kind === 'lead' ? [submission, foldedEmailKey(content.fields.email)] : [submission]
}

/**
 * Stores a batch of captures in one transaction of four round trips, whatever its size; no two may share a key of
 * `keysOfCapture`. Every result is what storing that capture alone would have given, and is on disk when this returns.
 */
export async function storeCaptures(ctx: Context, captures: readonly ReadCapture[]): Promise<Settled[]> {
  const results = await storeOrSplit(ctx, captures)
  if (results.some((result) => result.status === 'fulfilled' && isFresh(result.value))) ctx.wake()
  return results
}

const isFresh = ({ status, duplicate }: CaptureResult) => status === 'mapped' && !duplicate

/**
 * Data that the database refuses fails a whole batch. It is then stored in halves, down to the one capture that is
 * to blame, which is parked.
 */
async function storeOrSplit(ctx: Context, captures: readonly ReadCapture[]): Promise<Settled[]> {
  try {
    return await inTransaction(ctx.db, (tx) => storeBatch(ctx, tx, captures), [uniqueViolation])
  } catch (error) {
    const state = sqlState(error)
    // Class 22 and 23: the data itself is refused (PostgreSQL manual, appendix A), and would be again.
    const isData = state !== null && /^2[23]/.test(state)
    const middle = Math.ceil(captures.length / 2)
    if (isData && captures.length > 1)
      return [
        ...(await storeOrSplit(ctx, captures.slice(0, middle))),
        ...(await storeOrSplit(ctx, captures.slice(middle))),
      ]
    const [capture] = captures
    if (isData && capture && capture.content.kind !== 'unreadable')
      return storeOrSplit(ctx, [unreadable(capture, `the database refused it: SQLSTATE ${state}`)])
    return captures.map(() => ({ status: 'rejected', reason: error }))
  }
}

/** The capture as one to be parked: under a key of its bytes, since nothing in them is to be relied on. */
export function unreadable(
  capture: Omit<ReadCapture, 'externalId' | 'content'>,
  reason: string,
): ReadCapture {
  const digest = createHash('sha256').update(capture.body).digest('hex')
  return { ...capture, externalId: `raw:${digest}`, content: { kind: 'unreadable', reason } }
}

async function storeBatch(ctx: Context, tx: Db, captures: readonly ReadCapture[]): Promise<Settled[]> {
  const leads = captures.flatMap(({ content }) => (content.kind === 'lead' ? [content.fields.email] : []))
  // In a statement before the one that reads: a statement does not see what was committed while it waited.
  if (leads.length > 0) await lockAddresses(tx, leads.map(foldedEmailKey))
  const { facts, stepsOff } = await readCaptureFacts(
    tx,
    captures.map((capture) => lookupOf(ctx, capture)),
  )
  const now = ctx.clock.now()
  const shortened = new Map<string, Sequence>()
  const current = currentSequences(ctx, stepsOff, shortened)
  const writes = noWrites()
  const results = captures.map((capture, index): Settled => {
    try {
      const decision = decideCapture(ctx, capture, facts[index]!, current, now)
      addWrites(writes, decision.writes)
      return { status: 'fulfilled', value: decision.result }
    } catch (reason) {
      // The fault of this one's source or sequence: the others of the batch have nothing to do with it.
      return { status: 'rejected', reason }
    }
  })
  for (const [hash, sequence] of shortened) await ensureDefinition(tx, hash, sequence, now)
  if (Object.values(writes).some((rows) => rows.length > 0)) await writeCaptures(tx, writes, now)
  return results
}

function lookupOf(ctx: Context, { source, externalId, content }: ReadCapture) {
  const email = content.kind === 'lead' ? content.fields.email : null
  return {
    mailboxKey: email && isPublic(source) ? foldedEmailKey(email) : null,
    sourceId: source.id,
    externalId,
    emailKey: email && emailKey(email),
    suppressionHashes: email ? ctx.suppression.lookups(foldedEmailKey(email)) : [],
  }
}

/** Sequences without the steps that are switched off; those that differ for it are put into `shortened` by hash. */
function currentSequences(
  ctx: Context,
  stepsOff: Readonly<Record<string, string[]>>,
  shortened: Map<string, Sequence>,
): CurrentSequence {
  const known = new Map<string, ReturnType<CurrentSequence>>()
  return (key) => {
    const seen = known.get(key)
    if (seen !== undefined) return seen
    const whole = ctx.sequences[key]
    if (!whole) return null
    const sequence = withoutSteps(whole, stepsOff[key] ?? [])
    const found = { sequence, hash: hashSequence(sequence) }
    if (sequence !== whole) shortened.set(found.hash, sequence)
    known.set(key, found)
    return found
  }
}

const noWrites = (): CaptureWrites => ({
  captures: [],
  reopened: [],
  leads: [],
  knownLeads: [],
  consents: [],
  enrollments: [],
  deliveries: [],
  alerts: [],
  bookings: [],
})

function addWrites(all: CaptureWrites, some: Partial<CaptureWrites>): void {
  for (const [name, rows] of Object.entries(some))
    (all[name as keyof CaptureWrites] as unknown[]).push(...rows)
}
