import { createLapseClock } from '../../src/demo/lapse-clock.ts'
import { describeLead } from '../../src/actions/describe-lead.ts'
import { describeSequence } from '../../src/actions/describe-sequence.ts'
import { countUpcoming, listUpcomingFrom } from '../../src/store/upcoming.ts'
import { type LeadFilter, listLeads, searchLeads } from '../../src/store/lead-search.ts'
import { findLead } from '../../src/store/leads.ts'
import { countProblems } from '../../src/store/problems.ts'
import { createBenchDatabase } from './support/bench-database.ts'
import { openBenchService } from './support/bench-service.ts'
import { insertManyLeads, madeLead, stepsEach } from './support/many-leads.ts'
import { option, quantile, report, spread } from './support/report.ts'

/**
 * What the studio asks for while people look at leads, over a look-up of one lead by its primary key in the same round:
 * searches as they are typed, lists, a lead's page, the sequence's page, and what goes out next.
 * `npm run bench:studio -- --rows 1000000 --rounds 7`
 */
const rows = option('rows', 1_000_000)
const rounds = option('rounds', 7)
const timesEach = 30
/** A Wednesday, 10:00 in New York, in the midst of the last step's mails. */
const start = new Date('2026-03-04T15:00:00Z')
const now = new Date(start.getTime() + stepsEach * 3 * 86_400_000)
const say = (line: string) => console.log(`  ${line}`)

const database = await createBenchDatabase('studio')
const service = await openBenchService({ databaseUrl: database.url }, { clock: createLapseClock(now) })
try {
  const { ctx } = service
  const { db } = ctx
  say(`${rows} leads and ${rows * stepsEach} deliveries`)
  const { rareSource } = await insertManyLeads(ctx, { count: rows, start, say })

  let turn = 0
  /** Another lead each time, from all over the table. */
  const someone = () => madeLead((++turn * 7_919) % rows)
  const none: LeadFilter = { status: null, source: null, step: null, stopReason: null }
  const find = (text: string, filter: Partial<LeadFilter> = {}) =>
    searchLeads(db, { text, filter: { ...none, ...filter }, limit: 50 })
  const list = (filter: Partial<LeadFilter>, after: string | null = null) =>
    listLeads(db, { filter: { ...none, ...filter }, after, limit: 50 })
  const until = new Date(now.getTime() + 7 * 86_400_000)

  type Asked = { name: string; atMost: number; ask: () => Promise<unknown> }
  const asked: Asked[] = [
    { name: 'search: one letter', atMost: 50, ask: () => find(someone().lastName.slice(0, 1)) },
    {
      name: 'search: three letters of a last name',
      atMost: 50,
      ask: () => find(someone().lastName.slice(0, 3)),
    },
    {
      name: 'search: a whole name',
      atMost: 20,
      ask: () => find(`${someone().firstName} ${someone().lastName}`),
    },
    { name: 'search: an address', atMost: 20, ask: () => find(someone().email) },
    { name: 'search: last four digits of a number', atMost: 50, ask: () => find(someone().phone.slice(-4)) },
    {
      name: 'search: three letters, held alone',
      atMost: 100,
      ask: () => find(someone().lastName.slice(0, 3), { status: 'held' }),
    },
    { name: 'list: newest leads', atMost: 20, ask: () => list({}) },
    { name: 'list: a page in the middle', atMost: 20, ask: () => list({}, someone().id) },
    { name: 'list: held', atMost: 20, ask: () => list({ status: 'held' }) },
    {
      name: 'list: active, of a rare source',
      atMost: 20,
      ask: () => list({ status: 'active', source: rareSource }),
    },
    {
      name: 'list: held, of a rare source (there are none)',
      atMost: 20,
      ask: () => list({ status: 'held', source: rareSource }),
    },
    { name: 'list: stopped by staff', atMost: 20, ask: () => list({ stopReason: 'staff' }) },
    { name: 'list: waits for the last step', atMost: 20, ask: () => list({ step: `lesson-${stepsEach}` }) },
    { name: "a lead's page", atMost: 40, ask: () => describeLead(ctx, someone().id) },
    { name: "the sequence's page", atMost: 40, ask: () => describeSequence(ctx, 'back-spasms') },
    {
      name: 'upcoming mails, first page',
      atMost: 40,
      ask: () => listUpcomingFrom(db, { until, after: null, limit: 101 }),
    },
    { name: 'counts of problems', atMost: 20, ask: () => countProblems(db) },
  ]

  const clock = async (work: () => Promise<unknown>) => {
    const began = performance.now()
    await work()
    return performance.now() - began
  }

  /** Median milliseconds of one call, and of a look-up, each right after the other so that both meet the same machine. */
  async function time(ask: () => Promise<unknown>): Promise<{ ms: number; floor: number }> {
    const took: number[] = []
    const floors: number[] = []
    for (let time_ = 0; time_ < timesEach; time_++) {
      floors.push(await clock(() => findLead(db, someone().id)))
      took.push(await clock(ask))
    }
    return { ms: quantile(took, 0.5), floor: quantile(floors, 0.5) }
  }

  const measured = asked.map(() => [] as { ms: number; floor: number }[])
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { ask }] of asked.entries()) {
      const both = await time(ask)
      if (round > 0) measured[index]!.push(both)
    }
    say(round === 0 ? 'warmed up' : `round ${round} of ${rounds}`)
  }
  for (const [index, { name, atMost }] of asked.entries())
    report(
      `${name}, over a look-up`,
      measured[index]!.map(({ ms, floor }) => ms / floor),
      { atMost },
      1,
    )
  console.log('for information')
  console.log(`  a look-up by primary key: ${spread(measured.flat().map(({ floor }) => floor))} ms`)
  for (const [index, { name }] of asked.entries())
    console.log(`  ${name}: ${spread(measured[index]!.map(({ ms }) => ms))} ms`)
  const began = performance.now()
  const upcoming = await countUpcoming(db, until)
  console.log(`  counting ${upcoming} upcoming mails: ${(performance.now() - began).toFixed(0)} ms`)
} finally {
  await service.close()
  await database.close()
}
