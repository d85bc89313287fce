import type { SandboxEmail } from './email.ts'
import { type ReceivedMail, receivedEventBody } from './received.ts'
import { eventBody } from './webhook-event.ts'
import { WebhookPost } from './webhook-post.ts'
import { signature, signingKey } from './webhook-signature.ts'

export type WebhookTarget = { url: string; secret: string }

/** One event on its way; its id stays the same over retries and copies. */
type Message = { id: string; type: string; body: () => string; tries: number }

export type WebhookQueueOptions = {
  log: (line: string) => void
  /** Waits after each failure. Resend's own schedule is 5 s to 10 h; a bench cannot wait for that. */
  retryMs?: readonly number[]
  timeoutMs?: number
  concurrency?: number
}

/**
 * Sends events to one webhook. The events of a mail go one after the other, mails side by side;
 * an event that fails waits for its retry and lets the next one pass, so order is never promised.
 */
export class WebhookQueue {
  readonly #options: Required<WebhookQueueOptions>
  readonly #post: WebhookPost
  #target: { url: string; key: Buffer } | null = null
  #runs: Message[][] = []
  #head = 0
  #active = 0
  #retries = new Set<NodeJS.Timeout>()
  #held: Message[][] = []
  #whenIdle: (() => void)[] = []

  constructor(options: WebhookQueueOptions) {
    this.#options = { retryMs: [200, 1000, 5000, 15_000], timeoutMs: 10_000, concurrency: 16, ...options }
    this.#post = new WebhookPost(this.#options.concurrency, this.#options.timeoutMs)
  }

  setTarget(target: WebhookTarget | null): void {
    this.#target = target && { url: new URL(target.url).href, key: signingKey(target.secret) }
  }

  /** In: mails just accepted, and what a fault plan makes of their events. Without a webhook, nothing is kept. */
  add(emails: readonly SandboxEmail[], plan: { copies: number; shuffled: boolean; held: boolean }): void {
    if (!this.#target) return
    const runs = emails.map((email) => {
      const messages = email.events.flatMap((event, index) => {
        const message = {
          id: `msg_${email.id.replaceAll('-', '')}${index}`,
          type: event.type,
          body: () => eventBody(email, event),
          tries: 0,
        }
        return Array.from({ length: plan.copies }, () => ({ ...message }))
      })
      return plan.shuffled ? messages.reverse() : messages
    })
    // One run makes the order of a shuffled request certain.
    const ordered = plan.shuffled ? [runs.reverse().flat()] : runs
    if (plan.held) this.#held.push(...ordered)
    else this.#enqueue(ordered)
  }

  /** Reports a mail that came in. */
  addReceived(mail: ReceivedMail): void {
    if (!this.#target) return
    const id = `msg_${mail.id.replaceAll('-', '')}`
    this.#enqueue([[{ id, type: 'email.received', body: () => receivedEventBody(mail), tries: 0 }]])
  }

  /** Lets held events go. Out: how many mails' events that were. */
  release(): number {
    const held = this.#held
    this.#held = []
    this.#enqueue(held)
    return held.length
  }

  get pending(): number {
    return this.#runs.length - this.#head + this.#active + this.#retries.size
  }

  /** Resolves when nothing is on its way or waiting for a retry; held events do not count. */
  settle(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve))
  }

  close(): void {
    for (const timer of this.#retries) clearTimeout(timer)
    this.#retries.clear()
    this.#target = null
    this.#runs = []
    this.#head = 0
    this.#post.close()
    this.#checkIdle()
  }

  #enqueue(runs: Message[][]): void {
    for (const run of runs) this.#runs.push(run)
    // Started after the answer is on its way: accepting never pays for an event.
    setImmediate(() => this.#pump())
  }

  #pump(): void {
    while (this.#active < this.#options.concurrency) {
      const run = this.#runs[this.#head]
      if (!run) break
      this.#head += 1
      // Shifting an array of a hundred thousand costs more than sending; cut it now and then instead.
      if (this.#head === 4096) {
        this.#runs.splice(0, this.#head)
        this.#head = 0
      }
      this.#active += 1
      void this.#send(run).finally(() => {
        this.#active -= 1
        this.#pump()
        this.#checkIdle()
      })
    }
  }

  async #send(run: Message[]): Promise<void> {
    for (const message of run) {
      if (!this.#target) return
      const { url, key } = this.#target
      const body = message.body()
      // Wall time, as a receiver compares it with its own; the event's time stands in the body.
      const timestamp = Math.floor(Date.now() / 1000)
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'nurture-sandbox',
        'svix-id': message.id,
        'svix-timestamp': String(timestamp),
        'svix-signature': signature(key, message.id, timestamp, body),
      }
      const result = await this.#post.send(url, headers, body)
      // UNCONFIRMED whether other 2xx count: the page says 200, so an endpoint that passes here passes there.
      if (result !== 200) this.#retry(message, result)
    }
  }

  #retry(message: Message, result: number | string): void {
    if (!this.#target) return
    const wait = this.#options.retryMs[message.tries]
    const next = wait === undefined ? 'gave up' : `again in ${wait} ms`
    this.#options.log(`webhook ${message.type} ${message.id}: ${result} (200 expected), ${next}`)
    if (wait === undefined) return
    message.tries += 1
    const timer = setTimeout(() => {
      this.#retries.delete(timer)
      this.#runs.push([message])
      this.#pump()
    }, wait)
    this.#retries.add(timer)
  }

  #checkIdle(): void {
    if (this.pending > 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }
}
