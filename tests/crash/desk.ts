import { randomUUID } from 'node:crypto'
import type { Sandbox } from '../../src/mail/sandbox/sandbox.ts'
import { signature, signingKey } from '../../src/mail/sandbox/webhook-signature.ts'
import type { Lead } from './cast.ts'
import type { Front } from './front.ts'
import type { OwnPostgres } from './own-postgres.ts'
import type { Random } from './random.ts'

type Parts = { postgres: OwnPostgres; front: Front; sandbox: Sandbox }

/**
 * What the crash test does about mails that fail: it has the provider report some as failed that it took, and it is the
 * person who says what to do with whatever failed. Only what nobody knows is left to the engine.
 */
export class Desk {
  readonly #random: Random
  readonly #secret: string
  /** Mails that the provider took and reported as failed: each may come once more, if a person says so. */
  readonly reported = new Set<string>()
  readonly words: Record<string, number> = {}
  #busy: Promise<void> | null = null

  constructor(random: Random, secret: string) {
    this.#random = random
    this.#secret = secret
  }

  /** The provider reports one of the mails that it took as failed, of a lead who is stopped by nobody. */
  async report({ sandbox, front }: Parts, leads: readonly Lead[]): Promise<void> {
    const { email } = this.#random.pick(leads.filter(({ fate }) => fate === 'plays'))
    const mail = sandbox.emails().findLast(({ to, tags }) => tags.step !== undefined && to.includes(email))
    if (!mail) return
    this.reported.add(mail.id)
    const failed = { reason: 'the receiving server was not found' }
    const data = { email_id: mail.id, created_at: mail.acceptedAt, tags: mail.tags, failed }
    const body = JSON.stringify({ type: 'email.failed', created_at: mail.acceptedAt, data })
    const id = `msg_${randomUUID()}`
    const seconds = Math.floor(Date.now() / 1_000)
    await fetch(`${front.url}/hooks/resend`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'svix-id': id,
        'svix-timestamp': String(seconds),
        'svix-signature': signature(signingKey(this.#secret), id, seconds, body),
      },
      body,
    })
  }

  /** Begins to settle what failed, unless it is at that already. */
  begin(parts: Parts): void {
    this.#busy ??= this.#settle(parts)
      .catch(() => {})
      .finally(() => (this.#busy = null))
  }

  /** Settles what failed until nothing is left; true when there was nothing. */
  async finish(parts: Parts): Promise<boolean> {
    await this.#busy
    const found = await this.#failed(parts)
    if (found.length > 0) await this.#settle(parts)
    return found.length === 0
  }

  #failed({ postgres }: Parts): Promise<{ id: string; taken: boolean }[]> {
    return postgres.query(
      `select d.id, d.accepted_at is not null as taken
       from deliveries d join enrollments e on e.id = d.enrollment_id join leads l on l.id = d.lead_id
       where d.status = 'failed' and e.status in ('active', 'held') and l.email not like '%@test.org'`,
    )
  }

  /** Several at a time: a storm leaves hundreds. */
  async #settle(parts: Parts): Promise<void> {
    const queue = await this.#failed(parts)
    const work = async () => {
      for (let mail = queue.pop(); mail; mail = queue.pop()) await this.#say(parts, mail)
    }
    await Promise.all(Array.from({ length: 8 }, work))
  }

  async #say({ front }: Parts, { id, taken }: { id: string; taken: boolean }): Promise<void> {
    // What was never taken must go out; of what was, either word is as good, and each is meant for good.
    const choice = taken && Number.parseInt(id.slice(-1), 16) % 2 === 0 ? 'skip' : 'retry'
    const { status } = await fetch(`${front.url}/crash/settle/${id}/${choice}`, { method: 'POST' })
    if (status < 300) this.words[choice] = (this.words[choice] ?? 0) + 1
  }
}
