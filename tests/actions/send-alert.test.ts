import { setTimeout as sleep } from 'node:timers/promises'
import { asc, sql } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { alerts } from '../../drizzle/schema/index.ts'
import { sendAlert } from '../../src/actions/send-alert.ts'
import { sendTestMail } from '../../src/actions/send-test-mail.ts'
import { wakeAlerts } from '../../src/store/alerts.ts'
import { readHealth } from '../../src/store/health.ts'
import { findPause, resumeSending } from '../../src/store/pause.ts'
import { awaitProviderTurn } from '../../src/store/provider-turn.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const all = () => engine.ctx.db.select().from(alerts).orderBy(asc(alerts.id))
const subjects = () => engine.sandbox.emails().map(({ subject }) => subject)

test('an alert that the account cannot send is kept for as long as that lasts, and goes out after', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  engine.sandbox.plan({ kind: 'error', status: 401, name: 'suspended_api_key', times: 1_000 })
  // More tries than any other fault is given.
  for (let round = 0; round < 25; round++) {
    for (const { id } of await all()) await sendAlert(engine.ctx, id)
    await wakeAlerts(engine.ctx.db)
  }
  expect(await findPause(engine.ctx.db)).toEqual({ reason: 'suspended_api_key', until: null })
  expect(await readHealth(engine.ctx.db, engine.clock.now(), null)).toMatchObject({
    pause: { reason: 'suspended_api_key' },
    waitingAlerts: 2,
    failedAlerts: 0,
  })
  expect((await all()).map(({ kind, status, attempts }) => [kind, status, attempts])).toEqual([
    ['fresh-lead', 'waiting', 0],
    ['sending-paused', 'waiting', 0],
  ])
  engine.sandbox.clearFaults()
  await resumeSending(engine.ctx.db)
  for (const { id } of await all()) await sendAlert(engine.ctx, id)
  expect(subjects()).toEqual([expect.stringContaining('lead'), 'Mail to leads was paused'])
  expect((await all()).map(({ status }) => status)).toEqual(['sent', 'sent'])
})

test('a pause for the daily quota is told with its end', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  engine.sandbox.plan({ kind: 'daily-quota' })
  await engine.beat()
  const paused = (await all()).find(({ kind }) => kind === 'sending-paused')!
  expect(paused.reason).toMatch(/^daily_quota_exceeded, until \d{4}-\d\d-\d\dT00:01:00\.000Z$/)
  await sendAlert(engine.ctx, paused.id)
  const mail = engine.sandbox.emails().find(({ subject }) => subject === 'Mail to leads is paused')!
  expect(mail.text).toContain('until')
  expect(mail.text).toContain('goes on by itself')
})

test('any other fault uses up the tries', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  engine.sandbox.plan({ kind: 'error', status: 500, times: 1_000 })
  const [alert] = await all()
  for (let round = 0; round < 20; round++) {
    await engine.ctx.db.execute(sql`update alerts set next_attempt_at = clock_timestamp()`)
    await sendAlert(engine.ctx, alert!.id)
  }
  expect(await all()).toMatchObject([{ status: 'failed', attempts: 20 }])
})

const sample = { template: 'lock-up', choice: 'in-force', reader: 'sample', topical: null } as const
const testMail = () => sendTestMail(engine.ctx, { ...sample, to: 'desk@clinic.example', actor: 'test' })
const kinds = {
  'an alert': async () => sendAlert(engine.ctx, (await all())[0]!.id),
  'a test mail': testMail,
}

test.each(Object.keys(kinds) as (keyof typeof kinds)[])(
  '%s waits for its turn of the limit',
  async (kind) => {
    // One call a second is kept for all that is no mail to leads.
    engine = await createEngine({ env: { SEND_REQUESTS_PER_SECOND: '8' } })
    await engine.enroll(1)
    // The first one is not timed: it makes connections and compiles mails.
    await testMail()
    await engine.ctx.db.execute(sql`delete from settings where key = 'test-mail'`)
    await awaitProviderTurn(engine.ctx.db, 1, engine.clock.now)
    const sent = kinds[kind]()
    await sleep(600)
    expect(subjects()).toHaveLength(1)
    await sent
    expect(subjects()).toHaveLength(2)
  },
)
