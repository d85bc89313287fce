import { apiError, type ApiError } from './api-error.ts'

/** How long a key protects (resend.com/docs/dashboard/emails/idempotency-keys). */
const idempotencyWindowMs = 24 * 60 * 60 * 1000

/** What is kept of the first request under a key: enough to answer it again. */
export type IdempotencyRecord = {
  bodyHash: string
  acceptedAt: number
  answer: string
  ids: readonly string[]
}

/** The name under which a key is kept: it is bound to the endpoint. Both endpoints only take POST. */
export const scopeOf = (path: string, key: string): string => `POST ${path} ${key}`

/** In: the header as sent. Out: the refusal of a key that is not 1 to 256 characters long. */
export function keyRefusal(key: string | null): ApiError | null {
  if (key === null || (key.length >= 1 && key.length <= 256)) return null
  return apiError(400, 'invalid_idempotency_key', 'The key must be between 1 and 256 characters long.')
}

/**
 * Answers by key, for 24 hours of the sandbox's clock.
 * Only 2xx answers are kept. UNCONFIRMED whether Resend also repeats an error for a reused key; we do not, so
 * that a request refused for its rate can be made again under the key it must be made again under.
 */
export class IdempotencyStore {
  #records = new Map<string, IdempotencyRecord>()
  #running = new Set<string>()

  /**
   * In: the scope, the body's hash and the time (ms). Out: the record to replay, the refusal, or null when the
   * request is the first. UNCONFIRMED which refusal wins for a changed body while the first still runs:
   * we say concurrent, as nothing is kept yet to compare with.
   */
  find(scope: string, bodyHash: string, now: number): IdempotencyRecord | ApiError | null {
    if (this.#running.has(scope))
      return apiError(409, 'concurrent_idempotent_requests', 'A request with this key is still in progress.')
    const record = this.#records.get(scope)
    if (!record || now - record.acceptedAt >= idempotencyWindowMs) return null
    if (record.bodyHash === bodyHash) return record
    return apiError(409, 'invalid_idempotent_request', 'This key was used with a different request body.')
  }

  /** Marks a key as in use while its first request runs. */
  begin(scope: string): void {
    this.#running.add(scope)
  }

  end(scope: string): void {
    this.#running.delete(scope)
  }

  keep(scope: string, record: IdempotencyRecord): void {
    // A key that is used again after its time moves to the end, which keeps the map in order of age.
    this.#records.delete(scope)
    this.#records.set(scope, record)
    for (const [oldest, { acceptedAt }] of this.#records) {
      if (record.acceptedAt - acceptedAt < idempotencyWindowMs) break
      this.#records.delete(oldest)
    }
  }
}
