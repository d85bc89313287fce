import type { AttemptOutcome } from '../core/dispatch.ts'
import type { ReceivedReading } from '../core/reply.ts'

/** What the whole account has to wait for, when an answer is about the account and not about the mail. */
type AccountTrouble = { reason: string; until: Date | null }

/** What one call came to, in the protocol's words. */
export type SendResult = {
  outcome: AttemptOutcome
  statusCode: number | null
  errorName: string | null
  /** Ids of the mails accepted, in the order of the body without the refused items. */
  ids: readonly string[]
  /** Items that the provider refused, by position in the body. */
  refused: readonly { index: number; message: string }[]
  /** How long to wait before any further call, in ms, when the provider said so. */
  retryAfterMs: number | null
  trouble: AccountTrouble | null
  /** Mails that the account used of its daily quota so far; null when the answer does not say, as without a quota. */
  dailyUsed: number | null
}

/** The way out. It never throws for an answer, however odd: what is not understood is `unknown`. */
export type Mailer = {
  /** Sends an envelope: `body` goes out byte for byte, under `key`. */
  sendBatch(key: string, body: Uint8Array): Promise<SendResult>
  /** Sends one mail to the clinic's own people. */
  sendOne(key: string, mail: OutgoingMail): Promise<SendResult>
  /**
   * The provider's id of a mail to `to` that it took at `since` or later and that holds `mark`, or null. Null proves
   * nothing: the key may not read, the mail may lie further back than is looked, the provider may keep no content.
   */
  findTaken(search: { to: string; mark: string; since: Date }): Promise<string | null>
  /** Asks for a mail that came in, of which an event only tells that there is one. */
  readReceived(id: string): Promise<ReceivedReading>
}

/** One item of the provider's request body (resend.com/docs/api-reference/emails/send-email). */
export type OutgoingMail = {
  from: string
  to: string[]
  reply_to: string
  subject: string
  html: string
  text: string
  headers?: Record<string, string>
  tags?: { name: string; value: string }[]
}
