import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { sql } from 'drizzle-orm'
import { claimNext } from '../../src/actions/claim-next.ts'
import { sealDue } from '../../src/actions/seal-due.ts'
import type { Service } from '../../src/cli/wire.ts'
import type { Context } from '../../src/context.ts'
import { createLapseClock, type LapseClock } from '../../src/demo/lapse-clock.ts'
import { inTransaction } from '../../src/store/db.ts'
import { uuidList } from '../../src/store/uuid-list.ts'
import { createBenchDatabase } from './support/bench-database.ts'
import { openBenchService } from './support/bench-service.ts'
import { option, report, spread } from './support/report.ts'
import { insertWaitingLeads, slotMs } from './support/waiting-leads.ts'

/**
 * Claims and seals 10,000 deliveries that fall due at one moment, among many that wait over the same among 100,000;
 * then again while another connection holds a snapshot open, as a backup does, and others have sent since then.
 * `npm run bench:claim -- --rows 1000000 --rounds 7 --dead 100000`: with fewer rows it is filled sooner.
 */
const rows = option('rows', 10_000_000)
const rounds = option('rounds', 7)
/** Deliveries sealed by other workers after the snapshot was taken, before the first round and again in each. */
const dead = option('dead', 100_000)
const floorRows = 100_000
const due = 10_000
/** A Monday, 08:00 in New York: when all that fell due over a weekend goes out. */
const start = new Date('2026-03-09T12:00:00Z')
const say = (line: string) => console.log(`  ${line}`)

type Side = { service: Service; clock: LapseClock; url: string; slot: number; close(): Promise<void> }

async function open(name: string, count: number): Promise<Side> {
  say(`filling ${name}: ${count} leads that wait`)
  const database = await createBenchDatabase(name)
  const clock = createLapseClock(new Date(start.getTime() - slotMs))
  // Room for all that is due: what is measured is sealing, not waiting for sending.
  const env = { SEND_CONCURRENCY: '64', SEND_REQUESTS_PER_SECOND: '1000' }
  const service = await openBenchService({ databaseUrl: database.url, env }, { clock })
  await insertWaitingLeads(service.ctx, { count, perSlot: due, start, say })
  return {
    service,
    clock,
    url: database.url,
    slot: 0,
    async close() {
      await service.close()
      await database.close()
    },
  }
}

const dueAt = (slot: number) => new Date(start.getTime() + slot * slotMs)

type Work = (ctx: Context) => Promise<number>

/** The claims without rendering and packing, which are the same however many wait: where a difference shows most. */
const claimOnly: Work = (ctx) =>
  inTransaction(ctx.db, async (tx) => {
    const claimed = await claimNext(ctx, tx, { first: 0, others: 400, shared: false })
    await tx.execute(sql`
      update deliveries set status = 'sealed', dispatch_id = ${randomUUID()}
      where id = any(${uuidList(claimed.map(({ delivery }) => delivery.id))}::uuid[])`)
    return claimed.length
  })

/** Seconds to work off one slot, with the clock at its moment; checks that it was the whole of it. */
async function time(side: Side, work: Work): Promise<number> {
  const { ctx } = side.service
  side.clock.jumpTo(dueAt(side.slot++))
  const began = performance.now()
  let done = 0
  for (let got = -1; got !== 0; done += got) got = await work(ctx)
  const seconds = (performance.now() - began) / 1_000
  const { rows: sealed } = await ctx.db.execute<{ n: number }>(
    sql`select count(*)::int as n from deliveries where status = 'sealed'`,
  )
  if (done !== due || sealed[0]!.n !== due) throw new Error(`sealed ${sealed[0]!.n} of ${due}`)
  await putBack(side, 1)
  return seconds
}

/** Ends what was sealed, and lets as many wait again behind all the others, so that the number that waits stays. */
async function putBack({ service, slot }: Side, slots: number): Promise<void> {
  const { db } = service.ctx
  await db.execute(sql`update dispatches set status = 'accepted', body = null where status = 'sealed'`)
  const { rows: last } = await db.execute<{ at: string }>(
    sql`select max(due_at)::text as at from deliveries where status = 'waiting' and not first`,
  )
  await db.execute(sql`
    update deliveries set status = 'waiting', dispatch_id = null,
      due_at = ${last[0]!.at}::timestamptz + (extract(epoch from due_at - ${dueAt(slot - slots)}::timestamptz) + ${slotMs / 1_000}) * interval '1 second'
    where status in ('sealed', 'sent')`)
}

/** What other workers seal and send meanwhile: each leaves a dead entry in the index, where claims begin. */
async function churn(side: Side, count: number): Promise<void> {
  const slots = Math.ceil(count / due)
  side.slot += slots
  await side.service.ctx.db.execute(sql`
    update deliveries set status = 'sent'
    where status = 'waiting' and not first and due_at < ${dueAt(side.slot)}`)
  await putBack(side, slots)
}

type Rounds = { floor: number[]; measured: number[] }

async function compare(small: Side, large: Side, before: () => Promise<void>) {
  const works = { seal: async (ctx: Context) => (await sealDue(ctx)).dealt, claim: claimOnly }
  const all = { seal: { floor: [], measured: [] } as Rounds, claim: { floor: [], measured: [] } as Rounds }
  for (let round = 0; round <= rounds; round++) {
    await before()
    for (const name of ['seal', 'claim'] as const) {
      // The order changes from round to round; the first round warms up.
      for (const side of round % 2 ? [small, large] : [large, small]) {
        const seconds = await time(side, works[name])
        if (round > 0) all[name][side === small ? 'floor' : 'measured'].push(seconds)
      }
    }
    if (round > 0) {
      const last = ({ floor, measured }: Rounds) =>
        `${measured.at(-1)!.toFixed(2)} over ${floor.at(-1)!.toFixed(2)} s`
      say(`round ${round}: ${last(all.seal)}, claims alone ${last(all.claim)}`)
    }
  }
  return all
}

const ratios = ({ floor, measured }: Rounds) => measured.map((seconds, index) => seconds / floor[index]!)

const small = await open('claim_floor', floorRows)
const large = await open('claim', rows)
try {
  const calm = await compare(small, large, async () => {})
  const backup = new pg.Client({ connectionString: large.url })
  backup.on('error', () => {})
  await backup.connect()
  await backup.query('begin isolation level repeatable read')
  await backup.query('select count(*) from settings')
  say(`a snapshot is open; ${dead} are sent since then, and ${2 * due} more in each round`)
  await churn(large, dead)
  const held = await compare(small, large, () => churn(large, due))
  await backup.query('rollback')
  await backup.end()
  const among = `claim and seal ${due} among ${rows} over ${floorRows}`
  report(among, ratios(calm.seal), { atMost: 1.2 })
  report('the same, while a snapshot is held open', ratios(held.seal), { atMost: 1.2 })
  console.log('for information')
  console.log(`  claims alone: ${spread(ratios(calm.claim))}; snapshot held ${spread(ratios(held.claim))}`)
  for (const [name, { seal, claim }] of Object.entries({ calm, held }))
    console.log(
      `  seconds, ${name}: ${spread(seal.measured)} over ${spread(seal.floor)}; ` +
        `claims alone ${spread(claim.measured)} over ${spread(claim.floor)}`,
    )
} finally {
  await large.close()
  await small.close()
}
