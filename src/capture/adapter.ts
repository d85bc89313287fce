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
