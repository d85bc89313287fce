import type { Context } from '../context.ts'
import type { SourceAlerts } from '../core/alert.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { lockSource, setSourceAlerts } from '../store/sources.ts'

/** Sets when the front desk hears of a source's leads, from the next one on. Throws Problem `not-found`. */
export async function changeAlerts(
  ctx: Pick<Context, 'db' | 'clock'>,
  input: { slug: string; alerts: SourceAlerts; actor: string },
): Promise<void> {
  const { slug, alerts, actor } = input
  await inTransaction(ctx.db, async (tx) => {
    const source = await lockSource(tx, slug)
    if (!source) throw new Problem('not-found', `No source ${slug}.`)
    await setSourceAlerts(tx, source.id, alerts)
    await insertAudit(tx, { actor, action: `alerts-${alerts}`, subject: slug }, ctx.clock.now())
  })
}
