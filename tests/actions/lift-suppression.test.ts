import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditLog } from '../../drizzle/schema/index.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { liftSuppression } from '../../src/actions/lift-suppression.ts'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { unsubscribe } from '../../src/actions/unsubscribe.ts'
import { submitForm } from '../support/forms.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
beforeEach(async () => {
  engine = await createEngine()
  await form()
  await engine.beat()
  await unsubscribe(engine.ctx, (await engine.deliveries())[0]!.id)
})
afterEach(() => engine.stop())

const email = 'pat@lead.example'
const form = (address = email) => submitForm(engine, { email: address })
const lift = (address = email, because = 'She called and asked for the lessons again') =>
  liftSuppression(engine.ctx, { email: address, because, actor: 'test' })
const outcomes = async () => {
  const { rows } = await engine.ctx.db.execute<{ outcome: string }>(
    'select outcome from captures order by id',
  )
  return rows.map(({ outcome }) => outcome)
}
const mailed = () => engine.sandbox.emails().filter(({ tags }) => tags.step).length

describe('lifting a suppression', () => {
  test('is recorded, mails nothing by itself, and lets a later form enroll again', async () => {
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 60_000))
    await form()
    expect(await outcomes()).toEqual(['enrolled', 'suppressed'])
    expect(await lift()).toEqual(['unsubscribed'])
    await engine.jumpToDue().catch(() => {})
    await engine.beat()
    expect([mailed(), (await engine.enrollments()).length]).toEqual([1, 1])

    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 60_000))
    await form()
    await engine.beat()
    expect((await outcomes()).at(-1)).toBe('enrolled')
    expect(mailed()).toBe(2)
    // The old link still works.
    await unsubscribe(engine.ctx, (await engine.deliveries())[0]!.id)
    expect((await engine.enrollments()).map(({ status }) => status)).toEqual(['stopped', 'stopped'])

    const [entry] = await engine.ctx.db.select().from(auditLog)
    expect(entry).toMatchObject({
      actor: 'test',
      action: 'lift-suppression',
      subject: (await engine.leads())[0]!.id,
      detail: {
        because: 'She called and asked for the lessons again',
        suppressions: [{ reason: 'unsubscribed' }],
      },
    })
    expect(JSON.stringify(entry)).not.toContain('@')
  })

  test('of an address written in another way is the same, and of an erased person leaves no address', async () => {
    await eraseLead(engine.ctx, { email, actor: 'test' })
    await form()
    expect((await outcomes()).at(-1)).toBe('suppressed')
    await eraseLead(engine.ctx, { email, actor: 'test' })
    await lift('Pat+lessons@lead.example')
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 60_000))
    await form()
    expect((await outcomes()).at(-1)).toBe('enrolled')
    expect(JSON.stringify(await engine.ctx.db.select().from(auditLog))).not.toContain('lead.example')
  })

  test('does not undo a booking', async () => {
    await markBooked(engine.ctx, { leadId: (await engine.leads())[0]!.id, actor: 'test' })
    await lift()
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 60_000))
    await form()
    expect((await outcomes()).at(-1)).toBe('booked')
  })

  test('needs a reason without an address, and something to lift', async () => {
    await expect(lift(email, ' ')).rejects.toMatchObject({ code: 'invalid' })
    await expect(lift(email, 'asked from pat@work.example')).rejects.toMatchObject({ code: 'invalid' })
    await expect(lift('nobody@lead.example')).rejects.toMatchObject({ code: 'not-found' })
    await lift()
    await expect(lift()).rejects.toMatchObject({ code: 'not-found' })
  })
})
