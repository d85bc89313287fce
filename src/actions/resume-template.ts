import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { releasePostponed } from '../store/due-deliveries.ts'
import { clearTemplateFaults, findTemplateFaults } from '../store/template-faults.ts'
import { releaseBound, templatePaused } from './watch-templates.ts'

/**
 * Tries a paused template again: what waited for it is due now, in its windows. Returns how many mails that are.
 * Throws Problem `not-found` for an unknown template, and `conflict` for one that is not paused.
 */
export async function resumeTemplate(
  ctx: Pick<Context, 'db' | 'clock' | 'templates' | 'wake'>,
  input: { template: string; actor: string },
): Promise<number> {
  const { template, actor } = input
  if (!ctx.templates.has(template) && !(await findTemplateFaults(ctx.db))[template])
    throw new Problem('not-found', `No template ${template}. There are: ${[...ctx.templates].join(', ')}.`)
  const released = await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    if (!(await clearTemplateFaults(tx, template)))
      throw new Problem('conflict', `The template ${template} is not paused.`)
    await insertAudit(tx, { actor, action: 'resume-template', subject: template }, now)
    return releasePostponed(tx, templatePaused(template), now, releaseBound(now))
  })
  ctx.wake()
  return released
}
