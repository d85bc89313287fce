import type { TemplateName } from '../../emails/index.ts'
import type { Sequence } from '../core/sequence.ts'
import { officeHours } from './office-hours.ts'

/** One mail after a call that was cancelled or missed, a day later, so that somebody who books again hears nothing. */
export const rebook: Sequence<TemplateName> = {
  key: 'rebook',
  steps: [{ key: 'rebook', template: 'rebook', delayDays: 1, window: officeHours }],
}
