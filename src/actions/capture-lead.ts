import { createHash } from 'node:crypto'
import type { FormAdapter } from '../capture/adapter.ts'
import { duplicateKey } from '../capture/duplicate-key.ts'
import { type FieldMapping, mapFields } from '../capture/map-fields.ts'
import type { Context } from '../context.ts'
import { emailKey } from '../core/email-address.ts'
import type { InboundRequest } from '../core/inbound-request.ts'
import { Problem } from '../core/problem.ts'
import type { LeadFields, Submission } from '../core/submission.ts'
import { closeCapture, openCapture } from '../store/captures.ts'
import { inTransaction, sqlState } from '../store/db.ts'
import { countRefused, type Source } from '../store/sources.ts'
import { storeLead } from './store-lead.ts'

/** What became of a submission. A parked or ignored one has no lead. */
export type CaptureResult = {
  captureId: string
  status: 'mapped' | 'parked' | 'ignored'
  leadId: string | null
  /** True when the same submission came before: nothing was done again. */
  duplicate: boolean
}

/** A field that no person sees, so that only a program fills it in. */
const honeypotKey = 'website'

/**
 * Takes one submission from a source: verifies it, stores it byte for byte, and in the same transaction stores the
 * lead and plans its first mail. What cannot be understood is parked alone and can be replayed; a source's test
 * button and suspected bots are kept and never mailed.
 * Throws Problem `unauthorized` or `stale` (nothing is stored), and `malformed`, `invalid` or `unsupported`
 * after parking. A body of another shape than the mapping expects is ours to mend: it comes back as parked.
 */
export async function captureLead(
  ctx: Context,
  input: { source: Source; request: InboundRequest },
): Promise<CaptureResult> {
  const { source, request } = input
  try {
    adapterOf(ctx, source).verify(request, source.secrets, new Date())
  } catch (error) {
    await countRefused(ctx.db, source.id, ctx.clock.now())
    throw error
  }
  return captureVerified(ctx, input)
}

/** The same for a request that was verified before: what a replay does. */
export async function captureVerified(
  ctx: Context,
  input: { source: Source; request: InboundRequest },
): Promise<CaptureResult> {
  const { source, request } = input
  const adapter = adapterOf(ctx, source)
  let read: { submission: Submission; fields: LeadFields }
  try {
    const submission = await adapter.read(request)
    read = { submission, fields: mapFields(submission, source.mapping as FieldMapping | null).lead }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const parked = await parkCapture(ctx, source, request, describe(error))
    if (error.code === 'unmappable') return parked
    throw error
  }
  const result = await storeSubmission(ctx, source, request, read).catch((error: unknown) => {
    const state = sqlState(error)
    // Class 22 and 23: the data itself is refused (PostgreSQL manual, appendix A), and would be again.
    if (state === null || !/^2[23]/.test(state)) throw error
    return parkCapture(ctx, source, request, `the database refused it: SQLSTATE ${state}`)
  })
  if (result.status === 'mapped' && !result.duplicate) ctx.wake()
  return result
}

function adapterOf(ctx: Context, source: Source): FormAdapter {
  const adapter = ctx.forms[source.adapter]
  if (!adapter) throw new Error(`No form adapter ${source.adapter}`)
  return adapter
}

/** Stores the lead of a submission that was understood. */
async function storeSubmission(
  ctx: Context,
  source: Source,
  request: InboundRequest,
  read: { submission: Submission; fields: LeadFields },
): Promise<CaptureResult> {
  const { submission, fields } = read
  return inTransaction(ctx.db, async (tx) => {
    const { capture, isNew } = await openCapture(tx, {
      sourceId: source.id,
      externalId: captureKey(submission, fields, ctx.clock.now()),
      contentType: request.headers['content-type'] ?? null,
      body: Buffer.from(request.body),
      receivedAt: ctx.clock.now(),
    })
    if (!isNew && capture.status !== 'parked')
      return { captureId: capture.id, status: capture.status, leadId: capture.leadId, duplicate: true }
    const unwanted = submission.isTest
      ? 'a test of the source'
      : isBot(source, submission)
        ? 'a suspected bot'
        : null
    if (unwanted) {
      await closeCapture(tx, capture.id, { status: 'ignored', reason: unwanted })
      return { captureId: capture.id, status: 'ignored', leadId: null, duplicate: false }
    }
    const { leadId, outcome } = await storeLead(ctx, tx, { source, captureId: capture.id, fields })
    await closeCapture(tx, capture.id, { status: 'mapped', leadId, outcome, fields })
    return { captureId: capture.id, status: 'mapped', leadId, duplicate: false }
  })
}

async function parkCapture(
  ctx: Context,
  source: Source,
  request: InboundRequest,
  reason: string,
): Promise<CaptureResult> {
  return inTransaction(ctx.db, async (tx) => {
    const { capture, isNew } = await openCapture(tx, {
      sourceId: source.id,
      externalId: `raw:${sha256(request.body)}`,
      contentType: request.headers['content-type'] ?? null,
      body: Buffer.from(request.body),
      receivedAt: ctx.clock.now(),
    })
    if (isNew || capture.status === 'parked') await closeCapture(tx, capture.id, { status: 'parked', reason })
    const status = isNew ? 'parked' : capture.status
    return { captureId: capture.id, status, leadId: capture.leadId, duplicate: !isNew }
  })
}

/**
 * The provider's id and the person together: a page that was cached with its hidden id in it sends one id for many
 * people, and none of them may be taken for a repeat of the first.
 */
function captureKey(submission: Submission, fields: LeadFields, now: Date): string {
  if (submission.externalId === null) return `own:${duplicateKey(submission.formId, fields, now)}`
  return `id:${submission.externalId}:${sha256(emailKey(fields.email)).slice(0, 16)}`
}

function isBot(source: Source, submission: Submission): boolean {
  return (
    source.adapter === 'html-form' &&
    submission.fields.some(({ key, value }) => key === honeypotKey && String(value).trim() !== '')
  )
}

function describe(problem: Problem): string {
  const fields = problem.fields.map(({ field, message }) => `${field}: ${message}`)
  return [`${problem.code}: ${problem.message}`, ...fields].join(' | ')
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
