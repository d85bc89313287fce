import type { Window } from '../core/sequence.ts'

/** When mails go out that answer no form; the clinic's own opening days take the place of these. */
export const officeHours: Window = { days: [1, 2, 3, 4, 5], from: '08:00', to: '19:00' }
