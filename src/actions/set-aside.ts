import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { setCaptureAside } from '../store/captures.ts'
import { inTransaction } from '../store/db.ts'
import { setEventAside } from '../store/events.ts'

/**
 * Takes a parked capture or event off the list because nothing is to be made of it. It stays stored.
 * Throws Problem `not-found` when nothing is parked under that id.
 */
export async function setAside(
  ctx: Pick<Context, 'db' | 'clock'>,
  input: { id: string; kind: 'capture' | 'event'; actor: string },
): Promise<void> {
  const { id, kind, actor } = input
  await inTransaction(ctx.db, async (tx) => {
    const done = kind === 'capture' ? await setCaptureAside(tx, id) : await setEventAside(tx, id)
    if (!done) throw new Problem('not-found', 'It is not parked any more.')
    await insertAudit(tx, { actor, action: `set-aside-${kind}`, subject: id }, ctx.clock.now())
  })
}
