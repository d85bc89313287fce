import type { InboundRequest } from '../core/inbound-request.ts'
import type { Submission } from '../core/submission.ts'

/** One form provider. It verifies and takes the submission out of its envelope; it decides nothing else. */
export type FormAdapter = {
  /**
   * Checks that the request comes from a holder of one of the secrets.
   * `now` is wall time. Throws Problem `unauthorized` (missing or wrong) or `stale` (too old or too new).
   */
  verify(request: InboundRequest, secrets: readonly string[], now: Date): void
  /**
   * Reads the body. Throws Problem `malformed` (not the declared type), `unsupported` (a content type that we do not
   * take) or `unmappable` (not this provider's shape), and nothing else.
   */
  read(request: InboundRequest): Promise<Submission>
}

/** A tool whose webhook only says that there are leads: each has to be asked for, and `read` takes the answer. */
export type NoticeFormAdapter = FormAdapter & {
  /** Ids of the leads that a webhook names, each once. Throws Problem `malformed` or `unmappable`. */
  notices(request: InboundRequest): string[]
}

/** True for a tool that must be asked. */
export const mustAskForm = (adapter: FormAdapter): adapter is NoticeFormAdapter => 'notices' in adapter

/** What came of asking for one lead: the answer's JSON, as it came. A failure's reason holds nothing personal. */
type LeadReading = { outcome: 'read'; body: string } | { outcome: 'failed'; reason: string }

/** Asks one tool for a lead by its id. Never throws for what the tool or the network does. */
export type FormReader = { read(id: string): Promise<LeadReading> }
