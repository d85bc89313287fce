import type { Context } from '../context.ts'
import type { CaptureResult } from '../core/capture.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { closeCapture, findReplayableCapture, parkSuspect } from '../store/captures.ts'
import { captureVerified } from './capture-lead.ts'
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
