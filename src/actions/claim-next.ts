import type { Context } from '../context.ts'
import { afterLookBack, type ClaimMark, type ClaimMarks, moveMark, mustLookBack } from '../core/claim-mark.ts'
import type { Db } from '../store/db.ts'
import { claimDue } from '../store/due-deliveries.ts'
import type { Room } from './room-to-seal.ts'

type Claimed = Awaited<ReturnType<typeof claimDue>>

/** Locks deliveries that are due, first mails before all others, the soonest first of each; `room` says how many. */
export async function claimNext(
  ctx: Pick<Context, 'clock' | 'claimMarks'>,
  tx: Db,
  room: Room,
): Promise<Claimed> {
  const first = room.first > 0 ? await claimClass(ctx, tx, 'first', room.first) : []
  const others = room.others - (room.shared ? first.length : 0)
  return [...first, ...(others > 0 ? await claimClass(ctx, tx, 'later', others) : [])]
}

async function claimClass(
  { clock, claimMarks }: Pick<Context, 'clock' | 'claimMarks'>,
  tx: Db,
  name: keyof ClaimMarks,
  limit: number,
): Promise<Claimed> {
  const range = { first: name === 'first', now: clock.now() }
  const mark = claimMarks[name]

  async function lookBack(from: ClaimMark, room: number): Promise<Claimed> {
    const begun = performance.now()
    const found = await claimDue(tx, { ...range, upTo: from.place, limit: room })
    const endMs = performance.now()
    const look = { found: found.length, full: found.length === room, tookMs: endMs - begun, endMs }
    claimMarks[name] = afterLookBack(from, look)
    return found
  }

  const looked = mark !== null && mustLookBack(mark, performance.now())
  const behind = looked ? await lookBack(mark, limit) : []
  if (behind.length === limit) return behind
  const ahead = await claimDue(tx, { ...range, after: mark?.place ?? null, limit: limit - behind.length })
  const last = ahead.at(-1)?.delivery
  const rest = limit - behind.length - ahead.length
  if (mark && rest > 0 && !looked && !mark.dear) behind.push(...(await lookBack(mark, rest)))
  if (last) claimMarks[name] = moveMark(claimMarks[name], last, performance.now())
  return [...behind, ...ahead]
}
