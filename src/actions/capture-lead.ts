import type { FormAdapter } from '../capture/adapter.ts'
import { answersKey, duplicateKey } from '../capture/duplicate-key.ts'
import { type FieldMapping, mapFields } from '../capture/map-fields.ts'
import type { Context } from '../context.ts'
import { checkOrigin } from '../capture/origins.ts'
import { isRefusing } from '../core/alert.ts'
import { type CaptureResult, importAdapter, isPublic, type ReadCapture } from '../core/capture.ts'
import { emailHint } from '../core/email-hint.ts'
import type { InboundRequest } from '../core/inbound-request.ts'
import { Problem, type ProblemCode } from '../core/problem.ts'
import type { LeadFields, Submission } from '../core/submission.ts'
import { insertAlert } from '../store/alerts.ts'
import { countRefused, type Source } from '../store/sources.ts'
import { limitForm } from './limit-form.ts'
import { screenArrival, type Screen } from './screen-submission.ts'
import { unreadable } from './store-captures.ts'

/** Of what is refused so nothing is kept but how often it was. */
const refusals: ReadonlySet<ProblemCode> = new Set(['unauthorized', 'stale', 'forbidden', 'too-many'])

/**
 * Takes one submission from a source: verifies it, stores it byte for byte, and in the same transaction stores the
 * lead and plans its first mail. What cannot be understood is parked alone and can be replayed; a source's test
 * button and suspected bots are kept and never mailed.
 * `client` names the connection that a public form came from, where that is known.
 * Throws Problem `unauthorized`, `stale`, `forbidden` or `too-many` (nothing is stored, and it is counted), `busy` when
 * more comes in than can be stored (nothing is stored), and `malformed`, `invalid` or `unsupported` after parking. A
 * body of another shape than the mapping expects is ours to mend: it comes back as parked.
 */
export async function captureLead(
  ctx: Context,
  input: { source: Source; request: InboundRequest; client?: string | null },
): Promise<CaptureResult> {
  const { source, request, client = null } = input
  return countingRefusals(ctx, source, async () => {
    if (isPublic(source)) {
      checkOrigin(request, source.origins, ctx.config.publicUrl)
      if (client !== null) await limitForm(ctx, 'ip', client)
    }
    adapterOf(ctx, source).verify(request, source.secrets, new Date())
    const screen = screenArrival(ctx, source, new Date())
    return await captureVerified(ctx, { source, request, screen, receivedAt: ctx.clock.now() })
  })
}

/** Does what it is given; what is refused is counted at the source, and refused. */
export async function countingRefusals<T>(
  ctx: Pick<Context, 'db' | 'clock'>,
  source: Pick<Source, 'id' | 'adapter'>,
  take: () => Promise<T>,
): Promise<T> {
  try {
    return await take()
  } catch (error) {
    if (error instanceof Problem && refusals.has(error.code)) await noteRefused(ctx, source)
    throw error
  }
}

/** Counts it, and tells of a source of which nothing good has come for a while. A form in a browser has no signature. */
async function noteRefused(
  ctx: Pick<Context, 'db' | 'clock'>,
  source: Pick<Source, 'id' | 'adapter'>,
): Promise<void> {
  const now = ctx.clock.now()
  const refused = await countRefused(ctx.db, source.id, now)
  if (isPublic(source) || source.adapter === importAdapter || !isRefusing(refused, now)) return
  // Once a day: whoever forges calls between good ones begins a run with each, and one that lasts is no less true tomorrow.
  const key = `source-refusing:${source.id}:${now.toISOString().slice(0, 10)}`
  await insertAlert(
    ctx.db,
    { kind: 'source-refusing', key, sourceId: source.id, captureId: null, reason: null },
    now,
  )
}

/**
 * The same for a request that was verified before, and came at `receivedAt`: what a replay does. `screen` is for public
 * forms.
 */
export async function captureVerified(
  ctx: Context,
  input: { source: Source; request: InboundRequest; screen: Screen; receivedAt: Date },
): Promise<CaptureResult> {
  const { source, request, screen, receivedAt } = input
  const raw = {
    source,
    contentType: request.headers['content-type'] ?? null,
    body: request.body,
    receivedAt,
  }
  const read = await readOrPark(ctx, raw, request)
  if ('parked' in read) return read.parked
  const { submission, fields } = read
  const ignored = submission.isTest
    ? 'a test of the source'
    : isPublic(source)
      ? await screen(submission, fields)
      : null
  const stored = await ctx.captures.add({
    ...raw,
    externalId: captureKey(submission, fields, raw.receivedAt),
    content: ignored === null ? { kind: 'lead', fields } : { kind: 'ignored', reason: ignored },
    // Its proof is not in the bytes alone: what was parked of a list is stored, and enrolled by importing it again.
    ...(source.adapter === importAdapter && { list: { startAt: null } }),
  })
  const hint = isPublic(source) ? emailHint(fields.email) : null
  return hint ? { ...stored, hint } : stored
}

type RawCapture = Omit<ReadCapture, 'externalId' | 'content' | 'source'> & { source: Source }

async function readOrPark(
  ctx: Context,
  raw: RawCapture,
  request: InboundRequest,
): Promise<{ submission: Submission; fields: LeadFields } | { parked: CaptureResult }> {
  try {
    const submission = await adapterOf(ctx, raw.source).read(request)
    return { submission, fields: mapFields(submission, raw.source.mapping as FieldMapping | null).lead }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const parked = await ctx.captures.add(unreadable(raw, describe(error)))
    if (error.code === 'unmappable') return { parked }
    throw error
  }
}

function adapterOf(ctx: Context, source: Source): FormAdapter {
  const adapter = ctx.forms[source.adapter]
  if (!adapter) throw new Error(`No form adapter ${source.adapter}`)
  return adapter
}

/**
 * The provider's id, the person and the answers together. A page that was cached with its hidden id in it sends one id for
 * many people, and a tool sends an answer that was mended under the id it had: neither is a repeat of the first.
 */
function captureKey(submission: Submission, fields: LeadFields, now: Date): string {
  if (submission.externalId === null) return `own:${duplicateKey(submission.formId, fields, now)}`
  return `id:${answersKey(submission.externalId, fields)}`
}

/** What is wrong, in one line for whoever looks at what is parked. */
export function describe(problem: Problem): string {
  const fields = problem.fields.map(({ field, message }) => `${field}: ${message}`)
  return [`${problem.code}: ${problem.message}`, ...fields].join(' | ')
}
