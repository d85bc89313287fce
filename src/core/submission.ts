/** One answer in a form, as its provider names it: a stable key, the label people see, and the type if it says one. */
export type SubmittedField = {
  key: string
  label?: string
  type?: string
  value: string | boolean | readonly string[]
}

/** One raw submission, taken out of its provider's envelope and nothing more: which field means what is decided later. */
export type Submission = {
  /** The provider's own id of this submission, the same on every retry; null when it has none. */
  externalId: string | null
  /** The provider's id of the form, if it sends one. */
  formId: string | null
  /** ISO 8601 instant at which the person pressed send, if the provider says. */
  submittedAt: string | null
  /** A provider's test button: stored, never enrolled. */
  isTest: boolean
  fields: readonly SubmittedField[]
}

/** What a lead told us, after mapping: every value trimmed, absent ones null. */
export type LeadFields = {
  email: string
  firstName: string | null
  lastName: string | null
  /** E.164. */
  phone: string | null
  postalCode: string | null
  /** As the form says it: a name or a code. */
  country: string | null
  /** IANA zone. */
  timeZone: string | null
  /** What the person wrote or chose; kept for the front desk, never shown in a mail. */
  message: string | null
  /** True when a consent box was ticked, false when one was there and left empty, null when the form has none. */
  consent: boolean | null
  consentTextVersion: string | null
  pageUrl: string | null
  referrer: string | null
  utm: Readonly<Record<string, string>>
}
