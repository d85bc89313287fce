import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { claimNext } from '../../src/actions/claim-next.ts'
import { sealDue } from '../../src/actions/seal-due.ts'
import { type ClaimMarks, longestBlindMs } from '../../src/core/claim-mark.ts'
import { inTransaction } from '../../src/store/db.ts'
import { testStart } from '../support/service.ts'
import { createEngine, type Engine } from './engine.ts'

const leads = 24
const minute = 60_000
const farAhead = { dueAt: '2027-01-01 00:00:00+00', id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' }

let engine: Engine
beforeEach(async () => {
  engine = await createEngine()
  await engine.enroll(leads)
  // The marks' own clock, moved by hand.
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await engine.stop()
})

/** A process of its own: its clock, and how far its claims have come. */
const newProcess = () => ({
  clock: { kind: 'lapse', now: () => new Date(testStart.getTime() + 60 * minute) },
  claimMarks: { first: null, later: null } as ClaimMarks,
})

/** Claims and marks as sent what it got, or rolls back as a process does that dies. */
async function claim(process: ReturnType<typeof newProcess>, limit: number, dies: boolean): Promise<number> {
  const rolledBack = new Error('rolled back')
  let count = 0
  await inTransaction(engine.ctx.db, async (tx) => {
    const claimed = await claimNext(process as never, tx, { first: limit, others: limit, shared: false })
    count = claimed.length
    for (const { delivery } of claimed)
      await tx.execute(sql`update deliveries set status = 'sent' where id = ${delivery.id}`)
    if (dies) throw rolledBack
  }).catch((error: unknown) => {
    if (error !== rolledBack) throw error
  })
  return dies ? 0 : count
}

async function plan(lead: number, minutes: number, first: boolean): Promise<void> {
  const dueAt = new Date(testStart.getTime() + minutes * minute)
  await engine.ctx.db.execute(sql`
    update deliveries set status = 'waiting', due_at = ${dueAt}, first = ${first}
    where id = (select id from deliveries order by id offset ${lead} limit 1)`)
}

async function waiting(): Promise<number> {
  const { rows } = await engine.ctx.db.execute<{ n: number }>(
    sql`select count(*)::int as n from deliveries where status = 'waiting'`,
  )
  return rows[0]!.n
}

describe('the mark that claims begin at', () => {
  test('hides nothing for good: plans before and behind it, dead claims, two processes', async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('plan' as const),
        lead: fc.nat(leads - 1),
        minutes: fc.integer({ min: -30, max: 60 }),
        first: fc.boolean(),
      }),
      fc.record({
        do: fc.constant('claim' as const),
        by: fc.nat(1),
        limit: fc.integer({ min: 1, max: 9 }),
        dies: fc.boolean(),
      }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 6_000 }) }),
      // What a look behind leaves when it was dear.
      fc.record({
        do: fc.constant('dear' as const),
        by: fc.nat(1),
        ms: fc.integer({ min: 0, max: longestBlindMs }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const processes = [newProcess(), newProcess()]
        for (const one of steps) {
          if (one.do === 'plan') await plan(one.lead, one.minutes, one.first)
          if (one.do === 'claim') await claim(processes[one.by]!, one.limit, one.dies)
          if (one.do === 'wait') vi.advanceTimersByTime(one.ms)
          if (one.do === 'dear')
            for (const mark of Object.values(processes[one.by]!.claimMarks))
              if (mark) Object.assign(mark, { dear: true, lookBackAt: performance.now() + one.ms })
        }
        // Any one of them finds all of it by itself, five seconds later at most.
        vi.advanceTimersByTime(longestBlindMs)
        const before = await waiting()
        let found = 0
        for (let got = -1; got !== 0; found += got) got = await claim(processes[0]!, 7, false)
        expect({ found, waiting: await waiting() }).toEqual({ found: before, waiting: 0 })
      }),
      { numRuns: 40 },
    )
  })

  test('is begun at while a look behind is dear, and looked behind five seconds later', async () => {
    const blind = { place: farAhead, lookBackAt: performance.now() + longestBlindMs, dear: true }
    engine.ctx.claimMarks.first = blind
    expect((await sealDue(engine.ctx)).dealt).toBe(0)
    vi.advanceTimersByTime(longestBlindMs)
    expect((await sealDue(engine.ctx)).dealt).toBe(leads)
  })

  test('is looked behind at once when there is room and a look is cheap', async () => {
    engine.ctx.claimMarks.first = {
      place: farAhead,
      lookBackAt: performance.now() + longestBlindMs,
      dear: false,
    }
    expect((await sealDue(engine.ctx)).dealt).toBe(leads)
  })

  test('tells apart what fell due at one moment', async () => {
    const process = newProcess()
    const { claimMarks } = process
    expect(await claim(process, 10, false)).toBe(10)
    const [sent] = (await engine.deliveries()).filter(({ status }) => status === 'waiting')
    claimMarks.first = { ...claimMarks.first!, lookBackAt: performance.now() + longestBlindMs, dear: true }
    // All are due at the same moment; only the id says which of them come behind the mark.
    expect(claimMarks.first.place.id < sent!.id).toBe(true)
    expect(await claim(process, 100, false)).toBe(leads - 10)
  })
})
