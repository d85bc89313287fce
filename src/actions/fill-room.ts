import type { Context } from '../context.ts'
import { listFreeDispatches } from '../store/dispatches.ts'
import { sealedAtOnce } from './room-to-seal.ts'
import { sealDue } from './seal-due.ts'

export type FilledRoom = {
  /** May be attempted now. `attempt` tells its generations apart; `reserved`: of the first mails for which a share of the rate is kept. */
  dispatches: { id: string; attempt: number; reserved: boolean }[]
  /**
   * There may be more to seal: as much was sealed as one round may, or some of what it took up went nowhere. Else all
   * the room is taken, and the next send makes some.
   */
  more: boolean
}

/** More than ever wait at once: sealing runs only a little ahead of sending. */
const listed = 200

/** Seals what sending has room for, and lists what may be sent: the part of a tick that a backlog needs again and again. */
export async function fillRoom(ctx: Context): Promise<FilledRoom> {
  const { dealt, sealed } = await sealDue(ctx)
  const dispatches = await listFreeDispatches(ctx.db, listed)
  return {
    dispatches: dispatches.map(({ id, fence, reserved }) => ({ id, attempt: fence + 1, reserved })),
    more: dealt > sealed || sealed >= sealedAtOnce,
  }
}
