import type { Context } from '../context.ts'
import { insertAlert } from '../store/alerts.ts'
import type { Db } from '../store/db.ts'
import { releasePostponed } from '../store/due-deliveries.ts'
import {
  addTemplateFaults,
  clearTemplateFaults,
  findTemplateFaults,
  noteMissingTemplate,
} from '../store/template-faults.ts'

/** So many faults, and it is the template that is broken, not the one mail. */
const faultLimit = 5
/** What a mail that can be rendered takes off them: a template of which one in twenty fails is broken too. */
const healing = 1 / 20
/** How long mails of a paused template are left alone before they are looked at again. */
const pausedMs = 15 * 60_000
/** The same for a template that only workers of another release have: one of those takes the mail meanwhile. */
const elsewhereMs = 5_000
/** No release is rolled out slower: a template that is missing for longer is missed. */
const missingMs = 10 * 60_000

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
  const changes = new Map<string, { faults: number; failed: boolean; error: string }>()
  const absent = new Set<string>()
  const revisionOf = (template: string) => ctx.published.get(template)?.id ?? 'code'
  for (const [template, { revision, pausedAt }] of Object.entries(noted))
    // Of one that only another release has, that one knows more.
    if (ctx.templates.has(template) && revision !== revisionOf(template)) {
      delete noted[template]
      await clearTemplateFaults(tx, template)
      if (pausedAt !== null) await releasePostponed(tx, templatePaused(template), now, releaseBound(now))
    }
  const after = (ms: number) => new Date(now.getTime() + ms)
  const faultsOf = (template: string) => (noted[template]?.faults ?? 0) + (changes.get(template)?.faults ?? 0)
  const change = (template: string, faults: number, error: string | null) => {
    const before = changes.get(template) ?? { faults: 0, failed: false, error: noted[template]?.error ?? '' }
    changes.set(template, {
      faults: before.faults + faults,
      failed: before.failed || error !== null,
      error: error ?? before.error,
    })
  }
  return {
    obstacle(template) {
      if (!ctx.templates.has(template)) {
        absent.add(template)
        return { reason: `this release has no template ${template}`, until: after(elsewhereMs) }
      }
      const paused = (noted[template]?.pausedAt ?? null) !== null || faultsOf(template) >= faultLimit
      return paused ? { reason: templatePaused(template), until: after(pausedMs) } : null
    },
    failed: (template, error) => change(template, 1, error),
    worked(template) {
      const faults = faultsOf(template)
      if (faults > 0) change(template, -Math.min(healing, faults), null)
    },
    async save() {
      for (const [template, { failed, ...faults }] of changes) {
        const added = { ...faults, revision: revisionOf(template), limit: faultLimit }
        const isPaused = await addTemplateFaults(tx, template, added, now)
        const reason = `${template}: ${faults.error}`
        if (isPaused) await alert(ctx, tx, template, faults.error)
        // One that stays alone is told of as well, once a day: its lead gets nothing until a person has looked.
        else if (failed) {
          const key = `render-fault:${template}:${now.toISOString().slice(0, 10)}`
          await insertAlert(tx, { kind: 'render-fault', key, captureId: null, reason }, now)
        }
      }
      for (const template of absent) {
        const error = 'no worker that runs has this template'
        if (await noteMissingTemplate(tx, template, { error, afterMs: missingMs }, now))
          await alert(ctx, tx, template, error)
      }
    },
  }
}

async function alert(ctx: Context, tx: Db, template: string, error: string): Promise<void> {
  const reason = `${template}: ${error}`
  await insertAlert(tx, { kind: 'template-paused', captureId: null, reason }, ctx.clock.now())
  ctx.log.error({ template, error }, 'a template is paused: its mails wait')
}

/** No delivery that a paused template holds is due later than this. */
export const releaseBound = (now: Date) => new Date(now.getTime() + pausedMs)
