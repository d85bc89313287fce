import type { FaultKind } from './fault.ts'

/** One request to `POST /emails` or `POST /emails/batch`, whatever came of it. */
export type SandboxAttempt = {
  /** When it arrived: ISO 8601, by the sandbox's clock. */
  at: string
  path: string
  idempotencyKey: string | null
  /** SHA-256 of the raw body, hexadecimal. */
  bodyHash: string
  /** How many mails it carried; 0 when the body could not be read. */
  items: number
  /** The status it was answered with, or that the connection was ended, before or after accepting. */
  outcome: number | 'dropped-before' | 'dropped-after'
  /** Resend's name of the error, when it was answered with one. */
  error: string | null
  /** Mails this request made, in order; empty for a replay. */
  acceptedIds: readonly string[]
  /** Whether it was answered from its key's record. */
  replayed: boolean
  /** The planned fault that hit it. */
  fault: FaultKind | null
}
