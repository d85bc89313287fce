import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { accept, recipientCount } from './accept.ts'
import { rateLimited, wrongField, type ApiError } from './api-error.ts'
import { arrive, type Arrival, type SendRequest } from './arrival.ts'
import type { SandboxAttempt } from './attempt.ts'
import { authorize } from './authorize.ts'
import { checkBody } from './check-body.ts'
import type { EventFaultKind, RequestFault } from './fault.ts'
import { keyRefusal, scopeOf, type IdempotencyRecord } from './idempotency.ts'
import type { Acceptance } from './journal.ts'
import { errorReply, faultReply, jsonReply, type Reply } from './reply.ts'
import type { SandboxState } from './state.ts'

/** One request on its way through the checks. */
class Sending {
  readonly #state: SandboxState
  readonly #request: SendRequest
  readonly #arrival: Arrival
  readonly #attempt: SandboxAttempt
  #limitHeaders: Record<string, string> = {}

  constructor(state: SandboxState, request: SendRequest) {
    this.#state = state
    this.#request = request
    this.#arrival = arrive(request, state.now())
    this.#attempt = this.#arrival.attempt
  }

  async run(): Promise<Reply | 'drop'> {
    const { header } = this.#request
    const credentials = { authorization: header('authorization'), userAgent: header('user-agent') }
    const refusal = authorize(credentials, this.#state.apiKey)
    if (refusal) return this.#refuse(refusal)
    const limit = this.#state.limit.take(Date.now())
    this.#limitHeaders = limit.headers
    if (!limit.allowed) return this.#refuse(rateLimited())
    const { faults } = this.#state
    const fault = faults.empty ? null : faults.takeForRequest(this.#arrival.texts())
    if (!fault) return this.#underKey(null)
    this.#attempt.fault = fault.kind
    if (fault.kind === 'drop-before') {
      this.#record({ outcome: 'dropped-before' })
      return 'drop'
    }
    const planned = faultReply(fault)
    if (!planned) return this.#underKey(fault)
    return this.#answer({ ...planned, headers: { ...this.#limitHeaders, ...planned.headers } })
  }

  /** From here on the key decides: refused, answered again, or the first. */
  async #underKey(fault: RequestFault | null): Promise<Reply | 'drop'> {
    const { idempotency, now, closing } = this.#state
    const { idempotencyKey: key, path, bodyHash } = this.#attempt
    const dropped = fault?.kind === 'drop-after'
    if (dropped) this.#attempt.outcome = 'dropped-after'
    const scope = key === null ? null : scopeOf(path, key)
    const found =
      scope === null ? null : (keyRefusal(key) ?? idempotency.find(scope, bodyHash, now().getTime()))
    if (found && 'statusCode' in found) {
      const reply = this.#refuse(found)
      return dropped ? 'drop' : reply
    }
    const slow = fault?.kind === 'slow' ? fault : null
    if (scope !== null) idempotency.begin(scope)
    try {
      if (slow?.accept === 'after') await wait(slow.ms, undefined, { signal: closing })
      const reply = found ? this.#replay(found) : this.#first(fault)
      if (slow?.accept === 'before') await wait(slow.ms, undefined, { signal: closing })
      return dropped ? 'drop' : reply
    } catch (error) {
      if (closing.aborted) return 'drop'
      throw error
    } finally {
      if (scope !== null) idempotency.end(scope)
    }
  }

  #replay(record: IdempotencyRecord): Reply {
    this.#attempt.replayed = true
    return this.#answer(jsonReply(record.answer, this.#headers()))
  }

  #first(fault: RequestFault | null): Reply {
    const batch = this.#request.path === '/emails/batch'
    const mode = (batch && this.#request.header('x-batch-validation')) || 'strict'
    if (mode !== 'strict' && mode !== 'permissive')
      return this.#refuse(wrongField('`x-batch-validation` takes `strict` or `permissive`.'))
    const permissive = mode === 'permissive'
    const planned = fault?.kind === 'refuse-items' ? fault : null
    const checked = checkBody(this.#arrival.body, { batch, permissive, planned })
    if ('refusal' in checked) return this.#refuse(checked.refusal)
    const acceptedAt = this.#state.now().getTime()
    const overQuota = this.#state.quota.refusal(recipientCount(checked.items), acceptedAt)
    if (overQuota) return this.#refuse(overQuota)
    const ids = checked.items.map(() => randomUUID())
    this.#attempt.acceptedIds = ids
    const bounce = this.#takeForEvents('bounce')
    const { refused } = checked
    const acceptance: Acceptance = { attempt: this.#attempt, acceptedAt, ids, refused, permissive, bounce }
    // On disk first: a mail that its sender was told of and a restart then loses would spoil every count.
    this.#state.journal?.addAcceptance(acceptance, this.#request.body, this.#arrival.body)
    const { answer, emails } = accept(this.#state, acceptance, checked.items)
    this.#state.webhooks.add(emails, {
      copies: this.#takeForEvents('duplicate-events') ? 2 : 1,
      shuffled: this.#takeForEvents('shuffle-events') !== null,
      held: this.#takeForEvents('hold-events') !== null,
    })
    return jsonReply(answer, this.#headers())
  }

  #takeForEvents<K extends EventFaultKind>(kind: K) {
    const { faults } = this.#state
    return faults.empty ? null : faults.takeForEvents(kind, this.#arrival.texts())
  }

  #refuse(error: ApiError): Reply {
    return this.#answer(errorReply(error, this.#headers()))
  }

  #answer(reply: Reply): Reply {
    const dropped = this.#attempt.outcome === 'dropped-after'
    this.#record({ outcome: dropped ? 'dropped-after' : reply.status, error: reply.error })
    return reply
  }

  #record(changes: Partial<SandboxAttempt>): void {
    Object.assign(this.#attempt, changes)
    this.#state.journal?.add({ kind: 'attempt', attempt: this.#attempt })
    this.#state.attempts.push(this.#attempt)
  }

  #headers(): Record<string, string> {
    return { ...this.#limitHeaders, ...this.#state.quota.headers(this.#state.now().getTime()) }
  }
}

/** Handles one request to send. In: the request, its body as raw bytes. Out: the answer, or that to give none. */
export function send(state: SandboxState, request: SendRequest): Promise<Reply | 'drop'> {
  return new Sending(state, request).run()
}
