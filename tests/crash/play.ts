import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../../src/mail/sandbox/fault.ts'
import type { Sandbox } from '../../src/mail/sandbox/sandbox.ts'
import { msToClosing } from './calendar.ts'
import type { Lead } from './cast.ts'
import type { Crew } from './crew.ts'
import { nextFaults } from './faults.ts'
import type { Desk } from './desk.ts'
import type { Front } from './front.ts'
import { type KillPoint, killPoints } from './kill-points.ts'
import type { OwnPostgres } from './own-postgres.ts'
import type { OwnRedis } from './own-redis.ts'
import type { Random } from './random.ts'
import type { SharedClock } from './shared-clock.ts'

export type Stage = {
  postgres: OwnPostgres
  redis: OwnRedis | null
  sandbox: Sandbox
  clock: SharedClock
  crew: Crew
  front: Front
}

/** Points that only a form brings a child by. */
const capturePoints = ['inside-capture', 'after-capture'] as const
/** Leads who fill in the form late, one by one, for as long as one of those points is still to be hit. */
const lateLeads = 24

type Hooks = { enrolled(): Promise<void>; enough(): Promise<boolean> }

const minute = 60_000
/** A storm never moves the clock further than this, so that what is in doubt stays young enough to be asked again. */
const stormMs = 8 * minute

/**
 * The plot of a run: a storm at each moment at which something falls due, in which everything breaks while the clock
 * hardly moves; then a calm in which the engine must come to rest by itself; then a jump to what is due next.
 */
export class Play {
  readonly #leads: readonly Lead[]
  readonly #random: Random
  readonly #say: (line: string) => void
  readonly #children: number
  readonly #calmMs: number
  readonly #lingerMs: number
  readonly #points: readonly KillPoint[] | null
  readonly #desk: Desk
  #killsLeft: number
  #stormsLeft: number
  /** Dispatches whose fate was in doubt when the clock leapt over their 23 hours. */
  readonly leapt = new Set<string>()
  readonly faults: Record<string, number> = {}
  readonly stops: Record<string, number> = {}
  leadIds: ReadonlyMap<string, string> = new Map()
  redisEmptied = 0
  postgresCrashes = 0
  leaps = 0
  /** Calms in which the engine did not come to rest in time. */
  restless = 0

  constructor(options: {
    leads: readonly Lead[]
    steps: number
    kills: number
    children: number
    /** Within this the engine must come to rest once nothing breaks any more. */
    calmMs: number
    /** A storm lasts so much longer than it otherwise would. */
    lingerMs: number
    /** Where children kill themselves; null: everywhere. */
    points: readonly KillPoint[] | null
    random: Random
    desk: Desk
    say: (line: string) => void
  }) {
    this.#leads = options.leads
    this.#random = options.random
    this.#say = options.say
    this.#killsLeft = options.kills
    this.#children = options.children
    this.#calmMs = options.calmMs
    this.#lingerMs = options.lingerMs
    this.#points = options.points
    this.#desk = options.desk
    // Enrolling, and each later step once in each zone.
    this.#stormsLeft = 1 + (options.steps - 1) * new Set(options.leads.map(({ zone }) => zone)).size
  }

  async run(stage: Stage, hooks: Hooks): Promise<void> {
    const { crew, clock } = stage
    crew.points = this.#points ?? [...capturePoints, 'inside-seal', 'after-send', 'inside-record']
    crew.resize(this.#children)
    await crew.ready()
    // A short run may do without: what it has to show is that nothing is damaged.
    const late = this.#killsLeft < 100 ? 0 : lateLeads
    const early = this.#leads.slice(0, this.#leads.length - late)
    await Promise.all([this.#enroll(stage, early), this.#storm(stage, 0)])
    await this.#enrollLate(stage, this.#leads.slice(early.length))
    await this.#calm(stage)
    await hooks.enrolled()
    const toStop = this.#leads.filter(({ fate }) => fate === 'stops')
    for (let round = 1; ; round++) {
      const begun = Date.now()
      const due = await nextDue(stage)
      if (due === null) break
      if (await hooks.enough()) return
      const before = stage.sandbox.emails().length
      await this.#leapIfNeeded(stage, due)
      clock.jumpTo(new Date(due.getTime() + this.#random.int(0, 30) * minute))
      const share = Math.ceil(toStop.length / Math.max(3, this.#stormsLeft))
      if (this.#random.chance(0.5)) await putDueFirst(stage, toStop, this.leadIds)
      const stopping = this.#stopSome(stage, toStop.splice(0, this.#random.int(0, 2 * share)))
      await this.#toClosingTime(stage)
      await this.#storm(stage, round)
      const calmAt = Date.now()
      await stopping
      await this.#calm(stage)
      this.#say(
        `round ${round}: ${clock.now().toISOString()}, ${stage.sandbox.emails().length - before} mails, ` +
          `${crew.kills} kills so far, ${calmAt - begun} + ${Date.now() - calmAt} ms`,
      )
    }
    while (this.#killsLeft > 0) await this.#storm(stage, 1)
    await this.#calm(stage)
    // What may not be asked again is parked in the end, and only then.
    if ((await stage.postgres.query(unfinished)).length === 0) return
    clock.jumpTo(new Date(clock.now().getTime() + 24 * 60 * minute))
    await this.#calm(stage)
  }

  /** Each time with children that will all die of a form, until each point of a form was hit. */
  async #enrollLate(stage: Stage, leads: readonly Lead[]): Promise<void> {
    const { crew } = stage
    for (const lead of leads) {
      crew.points = crew.missed(capturePoints)
      if (crew.points.length > 0) {
        await crew.killAll()
        crew.resize(this.#children)
        await crew.ready()
      }
      await this.#enroll(stage, [lead])
    }
  }

  /** Every one of these leads fills in the form until it is told that it was understood, within an hour of the clock. */
  async #enroll({ front, clock }: Stage, leads: readonly Lead[]): Promise<void> {
    const queue = [...leads]
    const submit = async (lead: Lead) => {
      const fields = { email: lead.email, first_name: 'Pat', timezone: lead.zone, consent: 'yes' }
      const body = new URLSearchParams({ submission_id: randomUUID(), ...fields }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      await insist(() => fetch(`${front.url}/hooks/leads/website`, { method: 'POST', headers, body }))
      if (this.#random.chance(0.02)) clock.jumpTo(new Date(clock.now().getTime() + 5_000))
    }
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let lead = queue.shift(); lead; lead = queue.shift()) await submit(lead)
      }),
    )
  }

  /** Some time in which everything breaks: as long as there are kills to be made, and a moment at least. */
  async #storm(stage: Stage, round: number): Promise<void> {
    const { crew, clock, redis, postgres, sandbox } = stage
    const random = this.#random
    const quota = Math.ceil(this.#killsLeft / Math.max(1, this.#stormsLeft))
    this.#stormsLeft--
    const before = crew.kills
    const until = clock.now().getTime() + stormMs
    const giveUp = Date.now() + 20_000 + quota * 5_000
    const least = Date.now() + random.int(600, 1_500) + this.#lingerMs
    if (round > 0) crew.points = this.#points ?? killPoints.filter((point) => !point.endsWith('-capture'))
    // In half of the storms no event tells what an answer did not.
    if (random.chance(0.5)) this.#plan(sandbox, { kind: 'hold-events', times: 1_000 })
    const killed = () => crew.kills - before
    while (Date.now() < giveUp && (killed() < quota || Date.now() < least)) {
      for (const fault of nextFaults(random, this.#leads)) this.#plan(sandbox, fault)
      if (killed() < quota && random.chance(0.15)) crew.killOne('SIGKILL')
      else if (quota > 0 && random.chance(0.04)) crew.killOne('SIGTERM')
      if (quota > 0 && random.chance(0.06)) crew.freezeOne(random.int(500, 4_000))
      if (redis && quota > 0 && random.chance(0.12)) {
        await redis.empty()
        this.redisEmptied++
      }
      if (quota > 0 && random.chance(0.03)) {
        await postgres.crash(random.int(0, 800))
        this.postgresCrashes++
      }
      if (random.chance(0.1)) void this.#desk.report(stage, this.#leads).catch(() => {})
      if (random.chance(0.2)) this.#desk.begin(stage)
      const moved = new Date(Math.min(until, clock.now().getTime() + random.int(0, 40_000)))
      clock.jumpTo(moved)
      await sleep(random.int(100, 500))
    }
    this.#killsLeft -= killed()
  }

  #plan(sandbox: Sandbox, fault: Fault): void {
    const name = fault.kind === 'error' ? `${fault.status} ${fault.name ?? ''}`.trim() : fault.kind
    this.faults[name] = (this.faults[name] ?? 0) + 1
    sandbox.plan(fault)
  }

  /** Nothing breaks any more: the engine has to come to rest by itself. Only the waiting is cut short. */
  async #calm(stage: Stage): Promise<void> {
    const { crew, sandbox, postgres, clock } = stage
    crew.points = []
    crew.thawAll()
    sandbox.clearFaults()
    // Now and then events are late: what was in doubt is asked again before they tell.
    const releaseAt = Date.now() + (this.#random.chance(0.5) ? this.#random.int(1_000, 5_000) : 0)
    crew.resize(this.#children)
    await crew.ready()
    // Events that nobody applied when they came are taken up a few seconds later.
    clock.jumpTo(new Date(clock.now().getTime() + 6_000))
    for (const giveUp = Date.now() + this.#calmMs; Date.now() < giveUp; await sleep(100)) {
      // A person has mended what paused the sending.
      await postgres.query(`delete from settings where key = 'pause'`)
      await postgres.query(
        `update dispatches set next_attempt_at = clock_timestamp()
         where status = 'retrying' and next_attempt_at > clock_timestamp()`,
      )
      if (Date.now() < releaseAt) continue
      sandbox.release()
      await sandbox.settle()
      if (!(await this.#desk.finish(stage)) || !(await isAtRest(stage))) continue
      for (const { id } of await postgres.query<{ id: string }>(inDoubtForGood, [clock.now()]))
        this.leapt.add(id)
      return
    }
    this.restless++
    const [waiting] = await postgres.query(
      `select count(*) filter (where status = 'waiting' and due_at <= $1) as due,
         (select count(*) from provider_events where status = 'pending') as events from deliveries`,
      [clock.now()],
    )
    this.#say(
      `it did not come to rest: ${JSON.stringify([waiting, clock.now(), await postgres.query(unfinished)])}`,
    )
    // What is in doubt now may grow too old before it is asked again: then it is parked, as it must.
    for (const { id } of await postgres.query<{ id: string }>(openAndAttempted)) this.leapt.add(id)
  }

  /** Now and then the storm comes while the window closes, with a backlog on both sides of the moment. */
  async #toClosingTime(stage: Stage): Promise<void> {
    const { clock, postgres } = stage
    if (!this.#random.chance(0.35)) return
    const [row] = await postgres.query<{ zone: string }>(
      `select l.time_zone as zone from deliveries d join leads l on l.id = d.lead_id
       where d.status = 'waiting' and d.due_at <= $1 order by d.due_at limit 1`,
      [clock.now()],
    )
    const left = row ? msToClosing(clock.now(), row.zone) : null
    if (left === null) return
    const closing = clock.now().getTime() + left
    clock.jumpTo(new Date(closing - 2 * minute))
    await sleep(this.#random.int(50, 400))
    clock.jumpTo(new Date(closing + 1))
  }

  /**
   * A jump past the end of a key's 24 hours is made with nobody at work, as when a machine sleeps: a call on its way
   * would else reach the provider a day after it was made. Now and then one is made on purpose, with mail in doubt.
   */
  async #leapIfNeeded(stage: Stage, due: Date): Promise<void> {
    const { crew, clock, sandbox, postgres } = stage
    const inDoubt = () =>
      postgres.query<{ id: string }>(
        `select id from dispatches where status in ('in-flight', 'retrying') and first_attempt_at is not null
           and first_attempt_at < $1::timestamptz - interval '22 hours'`,
        [due],
      )
    const onPurpose = this.#random.chance(0.08)
    if (!onPurpose && (await inDoubt()).length === 0) return
    if (onPurpose) {
      clock.jumpTo(due)
      for (let times = 0; times < 3; times++)
        this.#plan(sandbox, { kind: this.#random.pick(['drop-after', 'drop-before']), times: 2 })
      this.#plan(sandbox, { kind: 'hold-events', times: 50 })
      await sleep(this.#random.int(500, 1_200))
    }
    await crew.killAll()
    await sleep(1_500)
    const rows = await postgres.query<{ id: string }>(openAndAttempted)
    if (onPurpose) for (const { id } of rows) this.leapt.add(id)
    this.leaps++
    clock.jumpTo(new Date(clock.now().getTime() + this.#random.int(23 * 60, 26 * 60) * minute))
    await this.#calm(stage)
  }

  /** Stops leads one way or the other, at moments of their own within the storm or just when their mail was sealed. */
  async #stopSome({ front, sandbox, postgres }: Stage, leads: readonly Lead[]): Promise<void> {
    await Promise.all(
      leads.map(async ({ email }) => {
        const way = this.#random.pick(['book', 'unsubscribe', 'erase'] as const)
        const id = this.leadIds.get(email)
        // Answered, and not there: nothing to stop, and the audit misses all its mails.
        if (!id) return
        if (this.#random.chance(0.5)) await untilSealed(postgres, id)
        else await sleep(this.#random.int(0, 2_000))
        const mail = sandbox.emails().findLast(({ to }) => to.includes(email))
        const link = /<([^>]+)>/.exec(mail?.headers['List-Unsubscribe'] ?? '')?.[1]
        const url = {
          book: `${front.url}/crash/book/${id}`,
          erase: `${front.url}/crash/erase/${encodeURIComponent(email)}`,
          unsubscribe: link ?? `${front.url}/crash/book/${id}`,
        }[way]
        await insist(() => fetch(url, { method: 'POST' }))
        this.stops[way] = (this.stops[way] ?? 0) + 1
      }),
    )
  }
}

/** Puts those first to whom a mail is due now: a stop is dangerous while it is on its way. */
async function putDueFirst(
  { postgres, clock }: Stage,
  leads: Lead[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = await postgres.query<{ id: string }>(
    `select lead_id as id from deliveries where status in ('waiting', 'sealed') and due_at <= $1`,
    [clock.now()],
  )
  const due = new Set(rows.map(({ id }) => id))
  const isDue = ({ email }: Lead) => due.has(ids.get(email) ?? '')
  leads.sort((a, b) => Number(isDue(b)) - Number(isDue(a)))
}

/** Waits until a mail to this lead lies sealed and no call was begun, where a stop hurts most; two seconds at most. */
async function untilSealed(postgres: OwnPostgres, leadId: string): Promise<void> {
  for (const giveUp = Date.now() + 2_000; Date.now() < giveUp; await sleep(10)) {
    const found = await postgres.query(
      `select from deliveries d join dispatches p on p.id = d.dispatch_id
       where d.lead_id = $1 and d.status = 'sealed' and p.status = 'sealed'`,
      [leadId],
    )
    if (found.length > 0) return
  }
}

const openAndAttempted = `select id from dispatches
  where status in ('in-flight', 'retrying') and first_attempt_at is not null`

/**
 * No answer is known, and none may be asked for: erasure took the bytes away, or a lead inside was stopped or the
 * window is closed, and the quarter of an hour is over in which that does not matter. Such an envelope waits for
 * evidence until it is parked at 23 hours.
 */
const inDoubtForGood = `select d.id from dispatches d
  where d.status = 'retrying' and d.first_attempt_at > $1::timestamptz - interval '23 hours'
    and (d.body is null or (not d.proven and (d.dirty or d.send_by <= $1)
      and d.first_attempt_at <= $1::timestamptz - interval '15 minutes'))
    and exists (select from attempts a where a.dispatch_id = d.id and (a.outcome is null or a.outcome = 'unknown'))
    and not exists (select from attempts a where a.dispatch_id = d.id and a.outcome = 'accepted')`

const unfinished = `select d.id, d.status, d.fence, d.reason, d.dirty, d.proven, d.send_by, d.first_attempt_at, d.lease_until, d.next_attempt_at,
    clock_timestamp() as now, array(select coalesce(a.outcome::text, '?') || ' ' || coalesce(a.error_name, '')
      from attempts a where a.dispatch_id = d.id order by a.fence) as outcomes,
    (select value from settings where key = 'tick') as tick
  from dispatches d where d.status in ('sealed', 'in-flight', 'retrying')`

/** Does it until it is answered with a 2xx or 3xx, as a form or a booking tool does. */
async function insist(request: () => Promise<Response>): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const answer = await request().catch(() => null)
    if (answer && answer.status < 400) return
    await sleep(200)
  }
  throw new Error('The service gave no good answer for a minute')
}

async function nextDue({ postgres }: Stage): Promise<Date | null> {
  const [row] = await postgres.query<{ due: Date | null }>(
    `select min(due_at) as due from deliveries where status = 'waiting'`,
  )
  return row!.due
}

async function isAtRest({ postgres, clock }: Stage): Promise<boolean> {
  const [row] = await postgres.query<{ busy: boolean }>(
    `select exists (select from deliveries where status = 'waiting' and due_at <= $1)
       or exists (select from dispatches where status in ('sealed', 'in-flight', 'retrying')
         and id not in (${inDoubtForGood}))
       or exists (select from provider_events where status = 'pending') as busy`,
    [clock.now()],
  )
  return !row!.busy
}
