import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import type { StepTiming, Timings, Window } from '../core/sequence.ts'
import { type DatedStep, datedSteps, instantOf, timingFindings } from '../core/timing.ts'
import { asEnrolled, withTimings } from '../sequences/as-enrolled.ts'
import { findDraft } from '../store/drafts.ts'
import { findRevisions, listPublished } from '../store/revisions.ts'
import type { StepCount } from '../store/step-counts.ts'
import { findTimings, listTimings } from '../store/step-timings.ts'
import { findStepsOff } from '../store/switched-steps.ts'
import { readStepCounts } from './read-step-counts.ts'
import { requireSequence, timingSubject } from './timing-draft.ts'

/** Where the deliveries of a step stand. `stopped`: leads who were to get it next when they stopped, by reason. */
type StepTally = {
  waiting: number
  sent: number
  delivered: number
  bounced: number
  complained: number
  /** Failed or parked: a person has to look. */
  trouble: number
  stopped: { reason: string; count: number }[]
}

type StepView = {
  key: string
  template: string
  subject: string
  preheader: string
  on: boolean
  /** It answers the form at once: always on, and its time is not to be changed. */
  fixed: boolean
  delayDays: number
  window: Window | null
  tally: StepTally
}

export type TimingDraft = {
  version: string
  base: number
  author: string
  savedAt: Date
  timings: Timings
  findings: CopyFinding[]
}

export type SequenceView = {
  key: string
  steps: StepView[]
  countedAt: string
  /** The timings in force for new enrollments; revision 0 stands for those in code. */
  inForce: { revision: number; author: string | null; publishedAt: string | null }
  draft: TimingDraft | null
  openingDays: number[]
  timeZone: string
}

/** All that the page of a sequence shows. Throws Problem `not-found`. */
export async function describeSequence(ctx: Context, key: string): Promise<SequenceView> {
  const inCode = requireSequence(ctx, key)
  const published = await findTimings(ctx.db, key)
  const off = await findStepsOff(ctx.db, key)
  const counts = await readStepCounts(ctx)
  const heads = await headLines(ctx)
  const { brand } = ctx.config
  return {
    key,
    steps: withTimings(inCode, published?.steps ?? {}).steps.map((step, at) => ({
      ...step,
      ...heads(step.template),
      on: !off.includes(step.key),
      fixed: isFixed(at, step.window),
      tally: tallyOf(counts.rows.filter((row) => row.step === step.key)),
    })),
    countedAt: counts.at,
    inForce: {
      revision: published?.revision ?? 0,
      author: published?.author ?? null,
      publishedAt: published?.publishedAt ?? null,
    },
    draft: await readTimingDraft(ctx, key),
    openingDays: [...brand.openingDays],
    timeZone: brand.timeZone,
  }
}

/** Timings that were in force once, as all steps had them; revision 0 stands for those in code. */
export type PastSequence = {
  revision: number
  author: string | null
  publishedAt: Date | null
  from: number | null
  note: string | null
  steps: { key: string; fixed: boolean; delayDays: number; window: Window | null }[]
}

/** Everything that was published of a sequence's timings, the newest first. Throws Problem `not-found`. */
export async function timingHistory(ctx: Context, key: string): Promise<PastSequence[]> {
  const inCode = requireSequence(ctx, key)
  const came = { revision: 0, author: null, publishedAt: null, from: null, note: null, steps: {} }
  return [...(await listTimings(ctx.db, key)), came].map((past) => ({
    ...past,
    steps: withTimings(inCode, past.steps).steps.map(({ delayDays, window, ...step }, at) => ({
      key: step.key,
      fixed: isFixed(at, window),
      delayDays,
      window,
    })),
  }))
}

/** The drafted delays and windows, with what publishing would say of them. */
export async function readTimingDraft(ctx: Context, key: string): Promise<TimingDraft | null> {
  const draft = await findDraft(ctx.db, timingSubject(key))
  if (!draft) return null
  const { content, version, base, author, savedAt } = draft
  const timings = content as Record<string, StepTiming>
  const findings = timingFindings(requireSequence(ctx, key), timings, ctx.config.brand)
  return { version, base, author, savedAt, timings, findings }
}

/**
 * The dates on which one lead of `timeZone` would get the mails who fills in the form at `start`, a local time, or now:
 * by the draft if there is one that can be published, else by what is in force. Throws Problem `invalid` for no time.
 */
export async function exampleOf(
  ctx: Context,
  key: string,
  { start: local, timeZone }: { start?: string | undefined; timeZone: string },
): Promise<{ drafted: boolean; start: Date; steps: DatedStep[] }> {
  const start = local === undefined ? ctx.clock.now() : instantOf(local, timeZone)
  if (!start) throw new Problem('invalid', 'This is no time.', [{ field: 'start', message: 'is no time' }])
  const inCode = requireSequence(ctx, key)
  const off = await findStepsOff(ctx.db, key)
  const draft = await readTimingDraft(ctx, key)
  const drafted = draft !== null && draft.findings.every(({ level }) => level !== 'refuse')
  const timings = drafted ? draft.timings : ((await findTimings(ctx.db, key))?.steps ?? {})
  const sequence = asEnrolled(inCode, { off, timings })
  return { drafted, start, steps: datedSteps(sequence, start, timeZone, ctx.config.brand.holidays) }
}

/** The mail that answers the form at once: its time is not to be changed. */
const isFixed = (at: number, window: Window | null) => at === 0 && window === null

/** Subject and preheader in force, by template. */
async function headLines(ctx: Context) {
  const heads = await listPublished(ctx.db)
  const rows = await findRevisions(
    ctx.db,
    heads.map(({ id }) => id),
  )
  return (template: string) => {
    const row = rows.find((one) => one.template === template)
    const parsed = row ? ctx.copyDesk.parse(template, row.copy) : null
    const words = parsed && 'copy' in parsed ? parsed.copy : ctx.copyDesk.sheet(template)?.words
    const { subject = '', preheader = '' } = (words ?? {}) as { subject?: string; preheader?: string }
    return { subject, preheader }
  }
}

function tallyOf(rows: readonly StepCount[]): StepTally {
  const sum = (...statuses: StepCount['status'][]) =>
    rows.filter(({ status }) => statuses.includes(status)).reduce((total, { count }) => total + count, 0)
  return {
    waiting: sum('waiting', 'sealed'),
    sent: sum('sent', 'delivered', 'bounced', 'complained'),
    delivered: sum('delivered'),
    bounced: sum('bounced'),
    complained: sum('complained'),
    trouble: sum('parked', 'failed', 'suppressed'),
    stopped: rows
      .filter(({ status }) => status === 'cancelled')
      .map(({ reason, count }) => ({ reason: reason ?? 'unknown', count }))
      .sort((a, b) => b.count - a.count),
  }
}
