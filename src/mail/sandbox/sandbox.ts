import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { Server } from 'node:http'
import { acceptedItems, accept } from './accept.ts'
import { apiError } from './api-error.ts'
import { apiRoutes, toResponse } from './api-routes.ts'
import type { SandboxAttempt } from './attempt.ts'
import type { SandboxEmail } from './email.ts'
import type { Fault } from './fault.ts'
import { FaultPlan } from './fault-plan.ts'
import { IdempotencyStore } from './idempotency.ts'
import { inspectRoutes } from './inspect-routes.ts'
import { Journal, type JournalEntry } from './journal.ts'
import { Mailbox } from './mailbox.ts'
import { Problem } from '../../core/problem.ts'
import { pageRoutes } from './page-routes.ts'
import { Quota } from './quota.ts'
import { RateLimit } from './rate-limit.ts'
import { receive } from './receive.ts'
import type { IncomingMail, ReceivedMail } from './received.ts'
import { errorReply } from './reply.ts'
import type { SandboxState } from './state.ts'
import { WebhookQueue, type WebhookTarget } from './webhook-queue.ts'

export type SandboxOptions = {
  /** 0, the default, takes a free one. */
  port?: number
  host?: string
  /** The sandbox's clock: age of keys, acceptedAt, created_at of events. Default: the real one. */
  now?: () => Date
  /** The only key that is taken; without it any `re_…`. */
  apiKey?: string
  /** Where events go; the secret is `whsec_` + base64. */
  webhook?: WebhookTarget
  /** JSON lines, only added to: mails, keys and attempts survive a restart. Events under way do not. */
  file?: string
  /** Default 10, like Resend; 0 is no limit. */
  requestsPerSecond?: number
  /** Mails a day and a month may bring; without them there is no end. */
  dailyQuota?: number
  monthlyQuota?: number
  /** How many mails keep their content. Default 20,000. */
  keep?: number
  log?: (line: string) => void
}

export type Sandbox = {
  /** Where it listens, without a slash at the end: the SDK's `baseUrl`. */
  url: string
  port: number
  /** Accepted mails, oldest first. */
  emails(): readonly SandboxEmail[]
  /** Every request to send, in the order in which they were decided. */
  attempts(): readonly SandboxAttempt[]
  /** Takes a mail in that somebody sends to us, and reports it; `id` is drawn when none is given. */
  receive(mail: IncomingMail, id?: string): ReceivedMail
  setWebhook(webhook: WebhookTarget | null): void
  plan(fault: Fault): void
  clearFaults(): void
  /** Lets events go that `hold-events` kept. Out: how many runs of events that were. */
  release(): number
  /** Resolves when no event is on its way or waiting for a retry. */
  settle(): Promise<void>
  close(): Promise<void>
}

function replay(state: SandboxState, entry: JournalEntry): void {
  if (entry.kind === 'emptied') {
    state.mailbox.empty()
    state.received.clear()
  } else if (entry.kind === 'received') state.received.set(entry.mail.id, entry.mail)
  else if (entry.kind === 'attempt') state.attempts.push(entry.attempt)
  else accept(state, entry, acceptedItems(entry.body, entry.refused))
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Problem(
              'config',
              `The sandbox's port ${port} is in use on ${host}: choose another one. ` +
                'With npm start it is the one after PORT.',
            )
          : error,
      )
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/**
 * Starts a stand-in of Resend's HTTP API on this machine, with an inbox to look at.
 * In: options, all with defaults. Out: the running sandbox. What it imitates, and where its source is silent,
 * stands at the places that decide it, marked UNCONFIRMED.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', log = () => {} } = options
  const closing = new AbortController()
  const state: SandboxState = {
    now: options.now ?? (() => new Date()),
    apiKey: options.apiKey ?? null,
    url: '',
    mailbox: new Mailbox(options.keep ?? 20_000),
    received: new Map(),
    attempts: [],
    idempotency: new IdempotencyStore(),
    limit: new RateLimit(options.requestsPerSecond ?? 10),
    quota: new Quota(options.dailyQuota, options.monthlyQuota),
    faults: new FaultPlan(),
    webhooks: new WebhookQueue({ log }),
    journal: null,
    closing: closing.signal,
    log,
  }
  if (options.webhook) state.webhooks.setTarget(options.webhook)
  if (options.file !== undefined) state.journal = new Journal(options.file, (entry) => replay(state, entry))

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.route('/', apiRoutes(state))
  app.route('/sandbox', inspectRoutes(state))
  app.route('/', pageRoutes(state))
  app.notFound(() =>
    toResponse(errorReply(apiError(404, 'not_found', 'The requested endpoint does not exist.'))),
  )
  app.onError((error) => {
    log(`sandbox: ${error.stack ?? error.message}`)
    return toResponse(
      errorReply(apiError(500, 'internal_server_error', 'The sandbox itself failed; see its log.')),
    )
  })

  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  // Longer than clients keep a connection: else one is closed while it is used again, and looks like a drop.
  server.keepAliveTimeout = 120_000
  const port = await listen(server, options.port ?? 0, host)
  state.url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`

  return {
    url: state.url,
    port,
    emails: () => state.mailbox.all(),
    attempts: () => state.attempts,
    receive: (mail, id) => receive(state, mail, id),
    setWebhook: (webhook) => state.webhooks.setTarget(webhook),
    plan: (fault) => state.faults.add(fault),
    clearFaults: () => state.faults.clear(),
    release: () => state.webhooks.release(),
    settle: () => state.webhooks.settle(),
    async close() {
      closing.abort()
      state.webhooks.close()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      state.journal?.close()
      state.journal = null
    },
  }
}
