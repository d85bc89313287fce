import type { Context } from '../context.ts'
import { insertAlert } from '../store/alerts.ts'
import type { Db } from '../store/db.ts'
import { releasePostponed } from '../store/due-deliveries.ts'
import { clearTemplateFaults, findTemplateFaults, putTemplateFaults } from '../store/template-faults.ts'

/** Faults in a row after which it is the template that is broken, and not the one mail. */
const faultLimit = 5
/** How long mails of a paused template are left alone before they are looked at again. */
const pausedMs = 15 * 60_000
/** The same for a template that only workers of another release have: one of those takes the mail meanwhile. */
const elsewhereMs = 5_000

/** Why a delivery waits whose template is paused. */
export const templatePaused = (template: string) => `the template ${template} is paused`

/** Why mails of a template have to wait, and until when. */
export type Obstacle = { reason: string; until: Date }

/** Counts faults of rendering by template while mails are sealed. */
export type TemplateWatch = {
  /** What keeps mails of this template waiting, or null. */
  obstacle(template: string): Obstacle | null
  /** One mail of it could not be rendered; `error` is the kind of fault, never its words. */
  failed(template: string, error: string): void
  worked(template: string): void
  /** Writes down what changed, inside the caller's transaction, and alerts of templates that are paused from now on. */
  save(): Promise<void>
}

/**
 * Reads which templates are paused. One whose words were replaced since is tried again, and what waited for it is due.
 * Inside the caller's transaction.
 */
export async function watchTemplates(ctx: Context, tx: Db): Promise<TemplateWatch> {
  const now = ctx.clock.now()
  const noted = await findTemplateFaults(tx)
  const changed = new Set<string>()
  const revisionOf = (template: string) => ctx.published.get(template)?.id ?? 'code'
  for (const [template, { revision, pausedAt }] of Object.entries(noted))
    if (revision !== revisionOf(template)) {
      delete noted[template]
      await clearTemplateFaults(tx, template)
      if (pausedAt !== null) await releasePostponed(tx, templatePaused(template), now, releaseBound(now))
    }
  const after = (ms: number) => new Date(now.getTime() + ms)
  return {
    obstacle(template) {
      if (!ctx.templates.has(template))
        return { reason: `this release has no template ${template}`, until: after(elsewhereMs) }
      const paused = noted[template] && noted[template].pausedAt !== null
      return paused ? { reason: templatePaused(template), until: after(pausedMs) } : null
    },
    failed(template, error) {
      const faults = (noted[template]?.faults ?? 0) + 1
      const pausedAt = faults >= faultLimit ? now.toISOString() : null
      noted[template] = { revision: revisionOf(template), faults, error, pausedAt }
      changed.add(template)
    },
    worked(template) {
      if (!noted[template] || noted[template].faults === 0) return
      noted[template] = { ...noted[template], faults: 0 }
      changed.add(template)
    },
    async save() {
      for (const template of changed) {
        const entry = noted[template]!
        const isNews = await putTemplateFaults(tx, template, entry, now)
        if (!isNews || entry.pausedAt === null) continue
        const reason = `${template}: ${entry.error}`
        await insertAlert(tx, { kind: 'template-paused', captureId: null, reason }, now)
        ctx.log.error({ template, error: entry.error }, 'a template is paused: its mails wait')
      }
    },
  }
}

/** No delivery that a paused template holds is due later than this. */
export const releaseBound = (now: Date) => new Date(now.getTime() + pausedMs)
