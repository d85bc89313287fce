import type { SourceAlerts } from './alert.ts'
import type { ImportedConsent } from './consent.ts'
import type { EnrollOutcome } from './enrollment.ts'
import type { LeadFields } from './submission.ts'

/** One submission, read and ready to be stored. */
export type ReadCapture = {
  source: {
    id: string
    slug: string
    adapter: string
    sequence: string
    topical: boolean
    alerts: SourceAlerts
    doubleOptIn: boolean
  }
  /** The same for every repeat of this submission. */
  externalId: string
  contentType: string | null
  /** The request's body, byte for byte. */
  body: Uint8Array
  receivedAt: Date
  content: CaptureContent
  list?: ListPlan
}

/** What sets a line of a list apart from a form that a person has just sent. */
type ListPlan = {
  /** When the first mail may go, at the earliest; null: the lead is stored, and mailed nothing. */
  startAt: Date | null
}

/** The kind of source that a list is taken in under. Nothing can be sent to it. */
export const importAdapter = 'import'
/** How the id of a line begins that was only stored: nobody is to be mailed for it. */
export const storedOnly = 'store:'

/** How the reason of a capture begins that was taken for a program's. */
export const botReason = 'a suspected bot'

/** Whether a source is a form in a browser: it can keep no secret, so nothing proves who sent what. */
export const isPublic = ({ adapter }: { adapter: string }): boolean => adapter === 'html-form'

type CaptureContent =
  /** `imported`: what proves a consent that was given elsewhere; a form brings its own. */
  | { kind: 'lead'; fields: LeadFields; imported?: ImportedConsent }
  /** Understood, and not to be mailed: a source's test button, a suspected bot. */
  | { kind: 'ignored'; reason: string }
  /** Not understood: parked until its cause is mended. */
  | { kind: 'unreadable'; reason: string }

/** What became of a submission. A parked or ignored one has no lead. */
export type CaptureResult = {
  captureId: string
  status: 'mapped' | 'parked' | 'ignored'
  leadId: string | null
  /** True when the same submission came before: nothing was done again. */
  duplicate: boolean
  /** What became of the lead, for a line of a list. */
  outcome?: EnrollOutcome
  /** The address that was probably meant, for a public form to ask the person about. */
  hint?: string
}
