import type { ConsentBasis } from './consent.ts'

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** When a step may be sent, in the lead's own zone; `from` is inside, `to` is outside. */
export type Window = { days: readonly Weekday[]; from: `${number}:${number}`; to: `${number}:${number}` }

export type Step<TemplateName extends string = string> = {
  /**
   * Opaque name of the step: it travels in tags, so it says nothing about health. No other sequence has one of the same
   * name, so that deliveries can be counted by it.
   */
  key: string
  template: TemplateName
  /** Days after the step before it was accepted; for the first step, after the enrollment began. */
  delayDays: number
  /** Null: at any hour. Only a sequence's first mail, which answers a form just sent, may have none. */
  window: Window | null
}

/** Whether a lead may go through a sequence again: never, so many days after it last ended, or once it has ended. */
export type Reentry = 'once' | { afterDays: number } | 'while-not-active'

/** Who joins a sequence. */
export type Entry = {
  /** Any one of these is enough. */
  consent: readonly ConsentBasis[]
  again: Reentry
}

/** When a step goes, apart from what it sends. */
export type StepTiming = { delayDays: number; window: Window }

/** Other timings than those in code, by key of the step. */
export type Timings = Readonly<Record<string, StepTiming>>

export type Sequence<TemplateName extends string = string> = {
  key: string
  steps: readonly [Step<TemplateName>, ...Step<TemplateName>[]]
  /**
   * Decides before there is an enrollment, so it is no part of the definition that one keeps: changing it changes
   * nothing that waits. Absent: any consent, once.
   */
  entry?: Entry
}

/**
 * The step that follows `key`, or null after the last one.
 * Throws when the definition has no such step: an enrollment never outlives its definition.
 */
export function stepAfter(sequence: Sequence, key: string): Step | null {
  const index = sequence.steps.findIndex((step) => step.key === key)
  if (index < 0) throw new Error(`The sequence has no step ${key}`)
  return sequence.steps[index + 1] ?? null
}

/** Which part of the whole a step is, as its reader counts them. Throws when the definition has no such step. */
export function partOf(sequence: Sequence, key: string): { part: number; parts: number } {
  const index = sequence.steps.indexOf(stepOf(sequence, key))
  return { part: index + 1, parts: sequence.steps.length }
}

/** The step of that key. Throws when the definition has none. */
export function stepOf(sequence: Sequence, key: string): Step {
  const step = sequence.steps.find((candidate) => candidate.key === key)
  if (!step) throw new Error(`The sequence has no step ${key}`)
  return step
}
