import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runTick } from '../../src/actions/run-tick.ts'
import { sealDue } from '../../src/actions/seal-due.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { stopLead } from '../../src/actions/stop-lead.ts'
import { inTransaction } from '../../src/store/db.ts'
import { lockMembers, type Member } from '../../src/store/envelope-members.ts'
import { setPace } from '../../src/store/pace.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { expectProblem, mailsTo, send, settle, storyOf } from './support.ts'

let service: TestService
beforeEach(async () => {
  service = await createTestService({ env: { SEND_MIN_GAP_HOURS: '0' } })
  await service.addSource({})
})
afterEach(() => service?.stop())

/** A lead that has had its first mail, on a Wednesday at 10:00, and the path of its link. */
async function newLead() {
  const email = 'pace@lead.example'
  await submitForm(service, { email })
  await settle(service)
  const [mail] = mailsTo(service, email)
  return { email, path: new URL(/<([^>]+)>/.exec(mail!.headers['List-Unsubscribe']!)![1]!).pathname }
}
const press = async (path: string, change: string) => {
  const answer = await send(service, `${path}/${change}`)
  expect(answer.status).toBe(200)
  return answer.text()
}
const show = async (path: string) => (await send(service, path, { method: 'GET' })).text()
const planOf = async (email: string) => {
  const { deliveries } = await storyOf(service, email)
  return deliveries.map(({ step, status, dueAt }) => `${step} ${status} ${dueAt.toISOString().slice(0, 16)}`)
}
/** Lets the next mail of a lead go out, when it is due. */
async function sendNext(email: string) {
  const { deliveries } = await storyOf(service, email)
  const { dueAt } = deliveries.find(({ status }) => status === 'waiting')!
  service.clock.jumpTo(dueAt)
  await settle(service)
}

describe('behind the unsubscribe link', () => {
  test('a GET shows what can be chosen and changes nothing', async () => {
    const { email, path } = await newLead()
    const before = await planOf(email)
    const page = await show(path)
    for (const words of ['Unsubscribe', 'Pause for a month', 'Send me fewer']) expect(page).toContain(words)
    expect(page).not.toContain('Go on as before')
    for (const change of ['pause', 'fewer', 'usual'])
      await expectProblem(await send(service, `${path}/${change}`, { method: 'GET' }), 404, 'not-found')
    await expectProblem(await send(service, `${path}/more`), 404, 'not-found')
    await expectProblem(await send(service, `${path.slice(0, -2)}xx/pause`), 404, 'not-found')
    expect(await planOf(email)).toEqual(before)
  })

  test('a pause moves what waits by a month, into its window; what follows counts from then', async () => {
    const { email, path } = await newLead()
    expect(await planOf(email)).toEqual([
      'lesson-1 delivered 2026-03-04T15:00',
      'lesson-2 waiting 2026-03-05T15:00',
    ])
    expect(await press(path, 'pause')).toContain('Paused until April 4')
    expect(await show(path)).toContain('paused until April 4')
    // The fourth of April is a Saturday: Monday, 8:00 in summer time.
    expect((await planOf(email))[1]).toBe('lesson-2 waiting 2026-04-06T12:00')
    await sendNext(email)
    expect((await planOf(email)).slice(1)).toEqual([
      'lesson-2 delivered 2026-04-06T12:00',
      'lesson-3 waiting 2026-04-08T12:00',
    ])
    expect(await show(path)).not.toContain('paused until')
  })

  test('fewer doubles the delays of what waits and of all that follows, once', async () => {
    const { email, path } = await newLead()
    expect(await press(path, 'fewer')).toContain('Half as many')
    await press(path, 'fewer')
    expect(await show(path)).toMatch(/half as often as we had planned/)
    expect((await planOf(email))[1]).toBe('lesson-2 waiting 2026-03-06T15:00')
    await sendNext(email)
    // Two days were planned after the second: four, and the clocks have moved on.
    expect((await planOf(email))[2]).toBe('lesson-3 waiting 2026-03-10T14:00')
    await press(path, 'pause')
    await press(path, 'usual')
    expect(await show(path)).not.toMatch(/half as often as we had planned|paused until/)
    // Two days after the second fall on a Sunday.
    expect((await planOf(email))[2]).toBe('lesson-3 waiting 2026-03-09T12:00')
  })

  test('a pause opens what is sealed and was not tried, and holds it', async () => {
    const { email, path } = await newLead()
    const { deliveries } = await storyOf(service, email)
    service.clock.jumpTo(deliveries[1]!.dueAt)
    expect((await sealDue(service.ctx)).sealed).toBeGreaterThan(0)
    expect((await planOf(email))[1]).toMatch(/^lesson-2 sealed/)
    await press(path, 'pause')
    const { dispatches } = await runTick(service.ctx)
    for (const { id } of dispatches) await sendDispatch(service.ctx, id)
    await settle(service)
    expect((await planOf(email))[1]).toBe('lesson-2 waiting 2026-04-06T12:00')
    expect(mailsTo(service, email)).toHaveLength(1)
  })

  test('a pause while a call is made that the provider has no room for holds the mail too', async () => {
    const { email, path } = await newLead()
    const { deliveries } = await storyOf(service, email)
    service.clock.jumpTo(deliveries[1]!.dueAt)
    await sealDue(service.ctx)
    const [sealed] = (await runTick(service.ctx)).dispatches
    const { mailer, db } = service.ctx
    service.sandbox.plan({ kind: 'rate-limit' })
    const whilePaused: typeof mailer.sendBatch = async (key, body) => {
      await press(path, 'pause')
      return mailer.sendBatch(key, body)
    }
    await sendDispatch({ ...service.ctx, mailer: { ...mailer, sendBatch: whilePaused } }, sealed!.id)
    expect((await planOf(email))[1]).toBe('lesson-2 sealed 2026-04-06T12:00')
    await db.execute(sql`update dispatches set next_attempt_at = null`)
    await db.execute(sql`delete from settings where key = 'rest'`)
    await sendDispatch(service.ctx, sealed!.id)
    expect((await planOf(email))[1]).toBe('lesson-2 waiting 2026-04-06T12:00')
    expect(mailsTo(service, email)).toHaveLength(1)
  })

  test('an accept that runs at the same time plans by what was chosen', async () => {
    const { email } = await newLead()
    const { lead, deliveries } = await storyOf(service, email)
    const { db } = service.ctx
    let waits: Promise<Member[]> | null = null
    await inTransaction(db, async (tx) => {
      await setPace(tx, lead.id, { slow: true })
      waits = inTransaction(db, (other) => lockMembers(other, [deliveries[0]!.id]))
      await sleep(200)
    })
    expect(await waits).toMatchObject([{ slow: true, pausedUntil: null }])
  })

  test('once nothing runs there is nothing to choose but to unsubscribe', async () => {
    const { email, path } = await newLead()
    const { lead } = await storyOf(service, email)
    await inTransaction(service.ctx.db, (tx) =>
      stopLead(service.ctx, tx, { leadId: lead.id, reason: 'booked' }),
    )
    const page = await show(path)
    expect(page).toContain('Stop these emails?')
    expect(page).not.toContain('Pause')
    const before = await planOf(email)
    expect(await press(path, 'pause')).toContain('Nothing was on its way')
    expect(await planOf(email)).toEqual(before)
  })
})
