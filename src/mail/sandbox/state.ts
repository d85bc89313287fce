import type { SandboxAttempt } from './attempt.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { IdempotencyStore } from './idempotency.ts'
import type { Journal } from './journal.ts'
import type { Mailbox } from './mailbox.ts'
import type { Quota } from './quota.ts'
import type { RateLimit } from './rate-limit.ts'
import type { ReceivedMail } from './received.ts'
import type { WebhookQueue } from './webhook-queue.ts'

/** All that one sandbox holds; handed to every route. */
export type SandboxState = {
  /** The sandbox's clock. */
  now: () => Date
  /** The only key that is taken; null takes any `re_…`. */
  apiKey: string | null
  /** Where it listens, for the pages that say how to reach it. */
  url: string
  mailbox: Mailbox
  /** Mails that came in, by id, oldest first. */
  received: Map<string, ReceivedMail>
  attempts: SandboxAttempt[]
  idempotency: IdempotencyStore
  limit: RateLimit
  quota: Quota
  faults: FaultPlan
  webhooks: WebhookQueue
  /** Null while the file is being read, and without one. */
  journal: Journal | null
  /** Aborted when the sandbox closes: requests that a fault keeps waiting end. */
  closing: AbortSignal
  log: (line: string) => void
}
