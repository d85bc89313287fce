import type { ImportedConsent } from './consent.ts'
import type { LeadFields } from './submission.ts'

/** One submission, read and ready to be stored. */
export type ReadCapture = {
  source: { id: string; slug: string; adapter: string; sequence: string; topical: boolean }
  /** The same for every repeat of this submission. */
  externalId: string
  contentType: string | null
  /** The request's body, byte for byte. */
  body: Uint8Array
  receivedAt: Date
  content: CaptureContent
}

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
  /** The address that was probably meant, for a public form to ask the person about. */
  hint?: string
}
