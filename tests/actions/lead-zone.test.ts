import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { changeZone } from '../../src/actions/change-zone.ts'
import { zoneOf } from '../../src/actions/zone-of.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

/** The zone of the one lead after its form came with these fields. */
async function zoneAfter(fields: Record<string, string>): Promise<string> {
  await engine.enroll(1, fields)
  const [lead] = await engine.leads()
  return zoneOf(engine.ctx, lead!)
}

test('a lead’s zone is what the form says, else its ZIP code’s, else the clinic’s; a later form betters it', async () => {
  engine = await createEngine()
  expect(await zoneAfter({})).toBe('America/New_York')
  expect(await zoneAfter({ zip: '00000' })).toBe('America/New_York')
  expect(await zoneAfter({ zip: '96813-1234' })).toBe('Pacific/Honolulu')
  expect(await zoneAfter({ zip: '10118', country: 'Germany' })).toBe('Pacific/Honolulu')
  expect(await zoneAfter({})).toBe('Pacific/Honolulu')
  expect(await zoneAfter({ zip: '96813', timezone: 'America/Denver' })).toBe('America/Denver')
  expect(await zoneAfter({ zip: '96813' })).toBe('America/Denver')
  expect(await zoneAfter({ zip: '96813', timezone: 'Mars/Olympus' })).toBe('America/Denver')
})

test('a browser that keeps its zone to itself says nothing against a ZIP code', async () => {
  engine = await createEngine()
  expect(await zoneAfter({ timezone: 'Etc/GMT' })).toBe('America/New_York')
  expect(await zoneAfter({ zip: '85001', timezone: 'UTC' })).toBe('America/Phoenix')
  expect(await zoneAfter({ timezone: 'UTC' })).toBe('America/Phoenix')
})

test('nor against the zone of a lead that lives where the clinic is', async () => {
  engine = await createEngine()
  expect(await zoneAfter({ zip: '19010' })).toBe('America/New_York')
  expect(await zoneAfter({ timezone: 'UTC' })).toBe('America/New_York')
})

test('a first form with a wrong zone falls back on its ZIP code', async () => {
  engine = await createEngine()
  expect(await zoneAfter({ zip: '85001', timezone: 'Mars/Olympus' })).toBe('America/Phoenix')
})

test('windows are reckoned in the zone of the ZIP code', async () => {
  engine = await createEngine({ env: { CLINIC_TIME_ZONE: 'Europe/Berlin' } })
  await engine.enroll(1, { zip: '96813', country: 'US' })
  await engine.beat()
  const [, second] = await engine.deliveries()
  // Wednesday 05:00 in Honolulu; Thursday 08:00 there.
  expect(second!.dueAt.toISOString()).toBe('2026-03-05T18:00:00.000Z')
})

test('what is sealed for another zone is opened when a form tells where the lead is', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  await engine.beat()
  await engine.jumpToDue()
  await engine.seal()
  await engine.enroll(1, { timezone: 'Asia/Tokyo' })
  await engine.beat()
  await engine.beat()
  expect(engine.sandbox.emails()).toHaveLength(1)
  const [, second] = await engine.deliveries()
  expect(second!.status).toBe('waiting')
  const hour = second!.dueAt.toLocaleString('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit' })
  expect(hour).toBe('08')
})

/** Changes the zone while the second mail is being sealed by the old one. */
async function changeWhileSealing(change: () => Promise<unknown>): Promise<void> {
  const { renderer } = engine.ctx
  let goOn = () => {}
  const gate = new Promise<void>((resolve) => (goOn = resolve))
  let sealing: Promise<unknown> = Promise.resolve()
  await new Promise<void>((begun) => {
    engine.ctx.renderer = {
      ...renderer,
      async encoded(template, props) {
        begun()
        await gate
        return renderer.encoded(template, props)
      },
    }
    sealing = engine.seal()
  })
  const changed = change()
  await Promise.race([changed, isWaitedFor()])
  goOn()
  await Promise.all([changed, sealing])
  await engine.beat()
  await engine.beat()
}

test('what is being sealed while a form tells where the lead is does not go out by the old zone', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  await engine.beat()
  await engine.jumpToDue()
  await changeWhileSealing(() => engine.enroll(1, { timezone: 'Asia/Tokyo' }))
  expect(engine.sandbox.emails()).toHaveLength(1)
  expect((await engine.deliveries())[1]!.status).toBe('waiting')
})

test('nor while a person does, of a mail that waited for another reason', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  await engine.beat()
  await engine.jumpToDue()
  await engine.ctx.db.execute(sql`update deliveries set reason = 'no template' where status = 'waiting'`)
  const [lead] = await engine.leads()
  await changeWhileSealing(() =>
    changeZone(engine.ctx, { leadId: lead!.id, timeZone: 'Asia/Tokyo', actor: 'test' }),
  )
  expect(engine.sandbox.emails()).toHaveLength(1)
  expect((await engine.deliveries())[1]!.status).toBe('waiting')
})

/** Resolves when a statement waits for a row that another transaction holds. */
async function isWaitedFor(): Promise<void> {
  for (;;) {
    const { rows } = await engine.ctx.db.execute(sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
    if (rows.length > 0) return
    await sleep(20)
  }
}

test('who told no zone follows the clinic’s, whichever that is by then', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  await engine.beat()
  const { brand } = engine.ctx.config
  Object.assign(engine.ctx.config, { brand: { ...brand, timeZone: 'America/Los_Angeles' } })
  await engine.jumpToDue()
  // Ten in New York, where the window is open; seven in Los Angeles.
  engine.clock.jumpTo(new Date('2026-03-05T15:00:00Z'))
  await engine.beat()
  expect((await engine.deliveries())[1]).toMatchObject({
    status: 'waiting',
    dueAt: new Date('2026-03-05T16:00:00Z'),
  })
})
