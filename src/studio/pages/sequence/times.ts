import { nameOf, type StepView } from './sequence-api.ts'

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

export type StepTime = Pick<StepView, 'key' | 'fixed' | 'delayDays' | 'window'>

/** When a step goes, in words. */
export function timeOf({ fixed, delayDays, window }: Omit<StepTime, 'key'>): string {
  if (fixed || !window) return 'At once, at any hour'
  const days = delayDays === 1 ? '1 day' : `${delayDays} days`
  const open = window.days.map((day) => weekdays[day - 1]).join(', ')
  return `${days} after the mail before, ${open}, ${window.from} to ${window.to}`
}

/** All times, a line for each step: for two of them to be compared. */
export const timesOf = (steps: readonly StepTime[]): string[] =>
  steps.map((step) => `${nameOf(step.key)}: ${timeOf(step)}`)
