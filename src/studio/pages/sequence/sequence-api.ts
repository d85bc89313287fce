import type { InferResponseType } from 'hono/client'
import { api } from '../../api.ts'

export const sequenceApi = api.sequences[':sequence']
export type SequenceView = InferResponseType<(typeof sequenceApi)['$get'], 200>
export type StepView = SequenceView['steps'][number]
type Window = NonNullable<StepView['window']>
export type Timing = { delayDays: number; window: Omit<Window, 'days'> & { days: Window['days'][number][] } }
export type Timings = Record<string, Timing>

/** The step's name as the people of the clinic say it. */
export const nameOf = (key: string) => {
  if (key.startsWith('lesson-')) return `Lesson ${key.slice(7)}`
  return key === 'confirm' ? 'Confirm the address' : 'Book again'
}
/** A template's file name, readable. */
export const titleOf = (template: string) => {
  const words = template.replaceAll('-', ' ')
  return words[0]!.toUpperCase() + words.slice(1)
}
