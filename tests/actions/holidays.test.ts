import { afterEach, describe, expect, test } from 'vitest'
import { leads } from '../../drizzle/schema/index.ts'
import { registerSequences } from '../../src/actions/definitions.ts'
import type { Holiday } from '../../src/core/holidays.ts'
import type { Sequence } from '../../src/core/sequence.ts'
import { addressOf, createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

/** The config as it is after a start with these holidays. */
const configWith = (holidays: Holiday[]) => ({
  ...engine.ctx.config,
  brand: { ...engine.ctx.config.brand, holidays },
})
const thursday: Holiday = { from: '2026-03-05', to: '2026-03-05' }
const mailsTo = (address: string) => engine.sandbox.emails().filter(({ to }) => to.includes(address))

describe('a holiday', () => {
  test('holds no first mail up, and the next is planned for the day after', async () => {
    engine = await createEngine({ env: { CLINIC_HOLIDAYS: '2026-03-04..2026-03-05' } })
    await engine.enroll(1)
    await engine.beat()
    expect(mailsTo(addressOf(0))).toHaveLength(1)
    const [, second] = await engine.deliveries()
    // Wanted on Thursday at 10:00; Friday, 08:00 in New York.
    expect(second!.dueAt.toISOString()).toBe('2026-03-06T13:00:00.000Z')
    await engine.jumpToDue()
    await engine.beat()
    expect(mailsTo(addressOf(0))).toHaveLength(2)
  })

  test('that was added later moves what waits when it falls due', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    await engine.jumpToDue()
    engine.ctx.config = configWith([thursday])
    expect(await engine.seal()).toEqual([])
    const [, second] = await engine.deliveries()
    expect(second).toMatchObject({
      status: 'waiting',
      dueAt: new Date('2026-03-06T13:00:00Z'),
      windowClosesAt: new Date('2026-03-07T00:00:00Z'),
    })
  })

  test('that was taken back lets the mail go when it falls due', async () => {
    engine = await createEngine({ env: { CLINIC_HOLIDAYS: '2026-03-05' } })
    await engine.enroll(1)
    await engine.beat()
    await engine.jumpToDue()
    engine.ctx.config = configWith([])
    expect(await engine.seal()).toHaveLength(1)
  })

  test('is a day of the lead’s own calendar', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    await engine.ctx.db.update(leads).set({ timeZone: 'America/Los_Angeles' })
    engine.ctx.config = configWith([thursday])
    // Friday in UTC, Thursday 17:00 in Los Angeles.
    engine.clock.jumpTo(new Date('2026-03-06T01:00:00Z'))
    expect(await engine.seal()).toEqual([])
    const [, second] = await engine.deliveries()
    expect(second!.dueAt.toISOString()).toBe('2026-03-06T16:00:00.000Z')
  })
})

describe('the start is refused, with the step whose window would never open,', () => {
  const mostOf2026: Holiday = { from: '2026-01-03', to: '2026-12-31' }
  const refusal =
    /^CLINIC_HOLIDAYS or the sequence is wrong: the window of \S+ stays shut for a year or more\.$/

  test('when every day is a holiday', async () => {
    engine = await createEngine()
    const everyDay = [{ from: '--01-01', to: '--12-31' }]
    await expect(registerSequences({ ...engine.ctx, config: configWith(everyDay) })).rejects.toThrow(refusal)
    await expect(
      registerSequences({ ...engine.ctx, config: configWith([mostOf2026]) }),
    ).resolves.toBeUndefined()
  })

  test('when an enrollment that runs sends on other days than those of today', async () => {
    const [first, second] = [
      { key: 'only-first', template: 'lock-up', delayDays: 0, window: null },
      {
        key: 'on-saturdays',
        template: 'lock-up',
        delayDays: 1,
        window: { days: [6], from: '08:00', to: '19:00' },
      },
    ] as const
    const saturdays: Sequence = { key: 'back-spasms', steps: [first, second] }
    const weekdays: Sequence = {
      key: 'back-spasms',
      steps: [first, { ...second, window: { ...second.window, days: [1, 2, 3, 4, 5] } }],
    }
    engine = await createEngine({ overrides: { sequences: { 'back-spasms': saturdays } } })
    const restarted = {
      ...engine.ctx,
      sequences: { 'back-spasms': weekdays },
      config: configWith([mostOf2026]),
    }
    await expect(registerSequences(restarted)).resolves.toBeUndefined()
    await engine.enroll(1)
    await expect(registerSequences(restarted)).rejects.toThrow('the window of on-saturdays stays shut')
  })
})
