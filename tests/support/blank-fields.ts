import type { LeadFields } from '../../src/core/submission.ts'

/** What a form tells that tells nothing but an address. */
export const blankFields: Omit<LeadFields, 'email'> = {
  firstName: null,
  lastName: null,
  phone: null,
  postalCode: null,
  country: null,
  timeZone: null,
  message: null,
  consent: null,
  consentTextVersion: null,
  pageUrl: null,
  referrer: null,
  utm: {},
}
