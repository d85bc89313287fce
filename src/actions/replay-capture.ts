import { type FormAdapter, mustAskForm, type NoticeFormAdapter } from '../capture/adapter.ts'
import type { Context } from '../context.ts'
import type { CaptureResult } from '../core/capture.ts'
import type { InboundRequest } from '../core/inbound-request.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { closeCapture, findReplayableCapture, parkSuspect } from '../store/captures.ts'
import { captureVerified } from './capture-lead.ts'
import { openNotices } from './note-leads.ts'
import { screenContent } from './screen-submission.ts'

/**
 * Tries a parked capture again, after its cause was mended, or takes a suspected bot's for a person's after all. The
 * bytes were verified when they came.
 * Throws Problem `not-found` when it is neither, and what capturing throws when it still cannot be understood.
 */
export async function replayCapture(
  ctx: Context,
  input: { captureId: string; actor: string },
): Promise<CaptureResult> {
  const found = await findReplayableCapture(ctx.db, input.captureId)
  if (!found) throw new Problem('not-found', `No parked capture or suspected bot ${input.captureId}.`)
  const { capture, source } = found
  const isSuspect = capture.status === 'ignored'
  if (!capture.body) throw new Problem('conflict', 'Its body was erased, so nothing is left to replay.')
  const headers = { 'content-type': capture.contentType ?? 'application/json' }
  const request = { method: 'POST', url: '', headers, body: capture.body }
  const ids = noticedIds(ctx.forms[source.adapter], request)
  if (ids.length > 0) {
    await openNotices(ctx, { source, ids, body: capture.body, receivedAt: capture.receivedAt })
    const reason = `asked for ${ids.length} of its leads`
    await closeCapture(ctx.db, capture.id, { status: 'ignored', reason })
    await insertAudit(
      ctx.db,
      { actor: input.actor, action: 'replay-capture', subject: capture.id },
      ctx.clock.now(),
    )
    return { captureId: capture.id, status: 'ignored', leadId: null, duplicate: false }
  }
  // Only what is parked can be stored anew; should this process end now, it is still seen.
  if (isSuspect) await parkSuspect(ctx.db, capture.id)
  const screen = isSuspect ? async () => null : screenContent
  const result = await captureVerified(ctx, { source, request, screen, receivedAt: capture.receivedAt })
  const now = ctx.clock.now()
  if (result.status !== 'parked' && result.captureId !== capture.id)
    await closeCapture(ctx.db, capture.id, {
      status: 'ignored',
      reason: `replayed as ${result.captureId}`,
      // So that erasing the lead finds these bytes too.
      ...(result.leadId ? { leadId: result.leadId } : {}),
    })
  await insertAudit(ctx.db, { actor: input.actor, action: 'replay-capture', subject: capture.id }, now)
  return result
}

/** The leads that a parked webhook names, for a tool that has to be asked about them; none when it is something else. */
function noticedIds(adapter: FormAdapter | NoticeFormAdapter | undefined, request: InboundRequest): string[] {
  if (!adapter || !mustAskForm(adapter)) return []
  try {
    return adapter.notices(request)
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}
