import type { Sequence } from '../core/sequence.ts'
import type { TemplateName } from '../../emails/index.ts'
import { officeHours } from './office-hours.ts'

/** Seven lessons of one article, on days 0, 1, 3, 6, 9, 14 and 20 when no window moves them. */
export const backSpasms: Sequence<TemplateName> = {
  key: 'back-spasms',
  // Whoever went through it knows it: a second time would be the same seven mails.
  entry: { consent: ['ticked', 'inquiry', 'imported'], again: 'once' },
  steps: [
    { key: 'lesson-1', template: 'lock-up', delayDays: 0, window: null },
    { key: 'lesson-2', template: 'why-scans-miss', delayDays: 1, window: officeHours },
    { key: 'lesson-3', template: 'four-patterns', delayDays: 2, window: officeHours },
    { key: 'lesson-4', template: 'relief-is-a-window', delayDays: 3, window: officeHours },
    { key: 'lesson-5', template: 'movement', delayDays: 3, window: officeHours },
    { key: 'lesson-6', template: 'in-control', delayDays: 5, window: officeHours },
    { key: 'lesson-7', template: 'who-should-get-help', delayDays: 6, window: officeHours },
  ],
}
