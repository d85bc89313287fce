import type { Context } from '../context.ts'
import { judgeDispatch, takenByNone } from '../core/dispatch.ts'
import { giveMemory } from '../store/body-memory.ts'
import { hasSealed } from '../store/envelope-members.ts'
import { recordAttempt, startAttempt } from '../store/attempts.ts'
import { delayDispatch, findFreeDispatch } from '../store/dispatches.ts'
import { askProvider } from './ask-provider.ts'
import { openDispatch } from './open-dispatch.ts'
import { parkDispatch } from './park-dispatch.ts'
import { recordResult } from './record-result.ts'

/** How often an envelope that waits for evidence is judged again; an event that brings some comes at once. */
const evidenceMs = 5 * 60_000

/**
 * Does with one dispatch what its history allows: an attempt, opening it, parking it, or nothing yet.
 * The job that names it is a hint: everything is read again here, and an attempt starts only if nothing of what was
 * judged has changed by then.
 */
export async function sendDispatch(ctx: Context, dispatchId: string): Promise<void> {
  const { leaseMs, timeoutMs } = ctx.config.sending
  const began = Date.now()
  const dispatch = await findFreeDispatch(ctx.db, dispatchId)
  if (!dispatch) return
  const { outcomes, paused } = dispatch
  const now = ctx.clock.now()
  const verdict = judgeDispatch(dispatch, now)
  if (verdict === 'open')
    return openDispatch(ctx, dispatch, { groupLimit: null, reason: whyOpened(dispatch, paused) })
  if (verdict === 'park') return parkDispatch(ctx, dispatch, 'no certain answer within 23 hours')
  // Events may have told all there is to know meanwhile: then nothing is asked again, and nothing is in doubt.
  if (outcomes.length > 0 && !(await hasSealed(ctx.db, dispatchId)))
    return parkDispatch(ctx, dispatch, 'known by events')
  if (verdict === 'wait' || dispatch.erased) {
    await delayDispatch(ctx.db, dispatchId, dispatch.fence, evidenceMs, 'waits for evidence')
    if (!paused) await askProvider(ctx, dispatch)
    return
  }
  const attempt = await startAttempt(ctx.db, dispatch, now, leaseMs, ctx.sealedEnvelopes.take(dispatchId))
  if (!attempt) return
  const attempted = { ...dispatch, fence: attempt.fence }
  // Its place is free for the first mails that came meanwhile: they do not wait for this call's answer.
  if (dispatch.first) ctx.wake('room')
  // The database may have taken its time: a first attempt whose window closed meanwhile is not made after all.
  const late = takenByNone(outcomes) && dispatch.sendBy !== null && ctx.clock.now() >= dispatch.sendBy
  // Nor is a call made by a process that slept since: its lease, its key and what was judged may have run out.
  const slept = Date.now() - began > leaseMs - timeoutMs
  if (late || slept) {
    const notMade = { outcome: 'refused', statusCode: null } as const
    const errorName = slept ? 'not_made_in_time' : 'window_closed'
    await recordAttempt(ctx.db, dispatchId, attempt.fence, { ...notMade, errorName })
    if (!takenByNone(outcomes)) return delayDispatch(ctx.db, dispatchId, attempt.fence, 0, errorName)
    return openDispatch(ctx, attempted, { groupLimit: null, reason: errorName })
  }
  const result = await ctx.mailer.sendBatch(dispatchId, attempt.body)
  // Who took it has read it all. After any other answer some of it may still be on its way.
  if (result.outcome === 'accepted') giveMemory(attempt.body)
  await recordResult(ctx, attempted, result)
  ctx.wake('room')
}

function whyOpened(dispatch: { dirty: boolean; moved: boolean }, paused: boolean): string {
  if (dispatch.dirty) return 'a lead inside was stopped'
  if (dispatch.moved) return 'a mail inside was planned anew'
  return paused ? 'sending is paused' : 'its window closed, or the provider took nothing'
}
