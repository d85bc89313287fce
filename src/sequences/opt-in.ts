import type { TemplateName } from '../../emails/index.ts'
import type { Sequence } from '../core/sequence.ts'

/** One mail that asks whether an address is its owner's, for sources that want to know; at most once an address. */
export const optIn: Sequence<TemplateName> = {
  key: 'opt-in',
  steps: [{ key: 'confirm', template: 'confirm', delayDays: 0, window: null }],
}
