import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { sql } from 'drizzle-orm'
import { openQueues, type Queues } from '../../jobs/queues.ts'
import { type RunningWorker, startWorker } from '../../jobs/worker.ts'
import { shareForAsking, shareForFirst, shareForOthers } from '../../src/core/dispatch.ts'
import { receivedEvents } from '../../src/core/reply.ts'
import type { Mailer } from '../../src/mail/mailer.ts'
import { createResendMailer } from '../../src/mail/resend-mailer.ts'
import { insertAlert } from '../../src/store/alerts.ts'
import { openEvent } from '../../src/store/events.ts'
import { awaitProviderTurn } from '../../src/store/provider-turn.ts'
import { insertDueLeads } from '../bench/support/due-leads.ts'
import { backends, createTestService, isMissing, type TestService } from '../support/service.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const closer of closers.splice(0).reverse()) await closer()
})

const perSecond = 32
const kinds = ['first', 'dispatch', 'alert', 'question'] as const
type Kind = (typeof kinds)[number]
type Times = Record<Kind, number[]>
const none = (): Times => ({ first: [], dispatch: [], alert: [], question: [] })

/** The provider's paths, but for mail to leads, which all goes to one. */
const kindOf = (method: string, url: string): 'mail' | Kind =>
  method === 'GET' ? 'question' : url === '/emails' ? 'alert' : 'mail'

/** A provider that takes every mail and knows of none that came in. Counts the calls made of it. */
async function startProvider() {
  const calls = { mail: 0, first: 0, dispatch: 0, alert: 0, question: 0 }
  const server = createServer((request, response) => {
    const kind = kindOf(request.method!, request.url!)
    calls[kind]++
    request.resume()
    request.on('end', () => {
      const id = randomUUID()
      const answer =
        kind === 'question' ? { name: 'not_found' } : kind === 'alert' ? { id } : { data: [{ id }] }
      response.writeHead(kind === 'question' ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls }
}

/** Lets that many of each kind be due at once, each mail in an envelope of its own. */
async function letDue({ ctx }: TestService, counts: Record<Kind, number>): Promise<void> {
  const now = ctx.clock.now()
  const later = new Date(now.getTime() + 60_000)
  for (const [kind, step] of [
    ['first', 'lesson-1'],
    ['dispatch', 'lesson-3'],
  ] as const) {
    await insertDueLeads(ctx, counts[kind], step, later)
    await ctx.db.execute(sql`
      update deliveries set group_limit = 1, first = ${kind === 'first'}, due_at = ${now}
      where status = 'waiting' and step = ${step} and due_at = ${later}`)
  }
  for (let count = 0; count < counts.alert; count++)
    await insertAlert(
      ctx.db,
      { kind: 'render-fault', captureId: null, reason: 'test', key: randomUUID() },
      now,
    )
  for (let count = 0; count < counts.question; count++) {
    const body = Buffer.from(JSON.stringify({ data: { email_id: randomUUID() } }))
    await openEvent(ctx.db, { provider: receivedEvents, eventId: randomUUID(), body, receivedAt: now })
  }
  ctx.wake()
}

/** The most within any one second. */
const busiestSecond = (times: readonly number[]) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length))

for (const backend of backends) {
  describe.skipIf(isMissing(backend))(`the limit on calls, on ${backend}`, () => {
    test('holds over four workers together, in any second, for each kind of call and for all of them', async () => {
      const { url, calls } = await startProvider()
      // When each call was let go: a busy machine may hold some up after that, and then make them all in one moment.
      const letGo = none()
      const note = (kind: Kind) => void letGo[kind].push(performance.now())
      const env = { SEND_REQUESTS_PER_SECOND: String(perSecond), DATABASE_POOL: '16' }
      const service = await createTestService({ backend, env })
      closers.push(() => service.stop())
      const resend = createResendMailer({
        apiKey: 're_x',
        baseUrl: url,
        timeoutMs: 10_000,
        now: () => new Date(),
        async awaitTurn() {
          await awaitProviderTurn(service.ctx.db, shareForAsking(perSecond), service.clock.now)
          note('question')
        },
      })
      const mailer: Mailer = {
        ...resend,
        // A job may have waited for its turn since it began.
        sendOne(key, mail) {
          note('alert')
          return resend.sendOne(key, mail)
        },
      }
      // As four processes would: each with connections of its own to one set of queues.
      const prefix = `{test-${randomUUID()}}`
      const workers: RunningWorker[] = []
      const opened: Queues[] = []
      closers.push(async () => {
        await Promise.all(workers.map((worker) => worker.close()))
        await Promise.all(opened.map((queues) => queues.close()))
      })
      for (let count = 0; count < 4; count++) {
        const queues = await openQueues({
          redisUrl: backend === 'redis' ? inject('redisUrl') : null,
          databaseUrl: service.databaseUrl,
          prefix,
          log: service.ctx.log,
        })
        opened.push(queues)
        const noted: Queues = {
          ...queues,
          work: (name, processor, options) =>
            queues.work(
              name,
              (job) => {
                if (name === 'first' || name === 'dispatch') note(name)
                return processor(job)
              },
              options,
            ),
        }
        workers.push(await startWorker({ ...service.ctx, mailer, wake: queues.wake }, noted))
      }
      const made = () => ({ mail: calls.mail, alert: calls.alert, question: calls.question })
      const giveUp = { timeout: 30_000, interval: 20 }
      // Were its windows whole seconds, then each kind could go on twice within a moment: at the end of the window that
      // the first of it opened, and at the start of the next.
      await letDue(service, { first: 1, dispatch: 1, alert: 1, question: 1 })
      await expect.poll(made, giveUp).toEqual({ mail: 2, alert: 1, question: 1 })
      await sleep(600)
      await letDue(service, { first: 20, dispatch: 50, alert: 2, question: 8 })
      await expect.poll(made, giveUp).toMatchObject({ mail: 72, alert: 3 })
      await expect.poll(() => calls.question, giveUp).toBeGreaterThanOrEqual(9)
      const busiest = Object.fromEntries(kinds.map((kind) => [kind, busiestSecond(letGo[kind])]))
      // A kind's share and the calls of two of its windows: one that the second cuts through, one that began late.
      expect(busiest.first).toBeLessThanOrEqual(shareForFirst(perSecond) + 2)
      expect(busiest.dispatch).toBeLessThanOrEqual(shareForOthers(perSecond) + 4)
      expect(busiest.alert).toBeLessThanOrEqual(2)
      // These share what is kept for them, whichever of them it is.
      const asking = busiestSecond([...letGo.alert, ...letGo.question])
      expect(asking).toBeLessThanOrEqual(shareForAsking(perSecond) + 2)
      expect(busiestSecond(kinds.flatMap((kind) => letGo[kind]))).toBeLessThanOrEqual(perSecond + 8)
      // And no call was made that was not let go; a job that finds nothing left to do makes none.
      expect(calls.mail).toBeLessThanOrEqual(letGo.first.length + letGo.dispatch.length)
      expect(calls.alert).toBeLessThanOrEqual(letGo.alert.length)
      // The last question may still be on its way.
      await expect.poll(() => letGo.question.length - calls.question, giveUp).toBe(0)
    })
  })
}
