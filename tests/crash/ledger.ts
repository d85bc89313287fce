import type { SandboxEmail } from '../../src/mail/sandbox/email.ts'
import type { Sandbox } from '../../src/mail/sandbox/sandbox.ts'
import { earliest, isInWindow, stepKeys } from './calendar.ts'
import type { Lead } from './cast.ts'
import type { OwnPostgres } from './own-postgres.ts'
import type { SharedClock } from './shared-clock.ts'

/** What went wrong, counted; `details` says of whom. */
export type Damage = {
  expected: number
  accepted: number
  missing: number
  twice: number
  afterStop: number
  outsideWindow: number
  parked: number
  /** Keys under which other bytes came than the first time: the provider refuses them, and nobody knows. */
  otherBytes: number
  /** Parked by a leap over 23 hours with an attempt in doubt: that is what parking is for. */
  parkedByLeap: number
  /** Refused by the provider in an envelope of its own: that is what failing is for. */
  refusedAlone: number
  details: string[]
}

type Attempt = { fence: number; outcome: string | null; startedAt: number }
type Row = {
  delivery: string
  lead: string
  step: string
  status: string
  dispatch: string | null
  enrollment: string
  stoppedAt: number | null
  /** Its enrollment has not ended. */
  running: boolean
}

/** A replay may come this long after the first attempt, whatever happened since. */
const evidenceMs = 15 * 60_000
/** PostgreSQL stamps a commit before it makes it visible, a flush of its log later. */
const commitGraceMs = 50

/**
 * Compares what the provider took with what had to happen, from the sandbox's own list. The engine's tables tell few
 * things only: when an attempt began, when a stop was committed (PostgreSQL's own stamp of that transaction), what a
 * person said, and whether an enrollment ended.
 */
export async function audit(
  leads: readonly Lead[],
  steps: number,
  sandbox: Pick<Sandbox, 'emails' | 'attempts'>,
  postgres: OwnPostgres,
  clock: SharedClock,
  leapt: ReadonlySet<string>,
  /** Mails that it took and then reported as failed: a person may have let each go once more. */
  reported: ReadonlySet<string>,
  /** Ids of the leads by address, read before any was erased. */
  leadIds: ReadonlyMap<string, string>,
  /** The run is over. */
  isOver: boolean,
): Promise<Damage> {
  const rows = await readDeliveries(postgres)
  const attempts = await readAttempts(postgres)
  const retries = await readRetries(postgres)
  const byEmail = new Map(leads.map((lead) => [lead.email, lead]))
  const byDelivery = new Map(rows.map((row) => [row.delivery, row]))
  const damage: Damage = {
    expected: 0,
    accepted: 0,
    missing: 0,
    twice: 0,
    afterStop: 0,
    outsideWindow: 0,
    parked: 0,
    otherBytes: 0,
    parkedByLeap: 0,
    refusedAlone: 0,
    details: [],
  }
  const blame = (
    kind: 'missing' | 'twice' | 'afterStop' | 'outsideWindow' | 'parked',
    what: string,
    count = 1,
  ) => {
    damage[kind] += count
    if (damage.details.length < 40) damage.details.push(`${kind}: ${what}`)
  }

  const taken = new Map<string, SandboxEmail[]>()
  for (const mail of sandbox.emails()) {
    const step = mail.tags.step
    if (!step) continue
    damage.accepted++
    const key = `${mail.to[0]} ${step}`
    taken.set(key, [...(taken.get(key) ?? []), mail])
  }

  for (const [key, mails] of taken) {
    const again = mails.filter(({ id }) => reported.has(id)).length
    const allowed = 1 + Math.min(again, retries.get(mails[0]!.tags.delivery!) ?? 0)
    if (mails.length > allowed)
      blame('twice', `${key}: ${mails.map(({ id }) => id).join(', ')}`, mails.length - allowed)
    for (const mail of mails) {
      const row = byDelivery.get(mail.tags.delivery!)
      const lead = byEmail.get(mail.to[0]!)
      if (!row || !lead) {
        blame('twice', `${key}: a mail nobody planned`)
        continue
      }
      const tries = attempts.get(mail.idempotencyKey ?? '') ?? attempts.get(row.dispatch ?? '') ?? []
      judge(mail, row, lead, tries)
    }
  }

  function judge(mail: SandboxEmail, row: Row, lead: Lead, tries: readonly Attempt[]): void {
    const who = `${lead.email} ${row.step} at ${mail.acceptedAt}`
    // Whatever was only rate-limited was no attempt to speak of: the next one is the first again.
    const first = tries.find(({ outcome }) => outcome !== 'rate-limited') ?? tries.at(-1)
    if (!first) return blame('outsideWindow', `${who}: without any attempt`)
    const accepted = new Date(mail.acceptedAt)
    const began = clock.shownAt(first.startedAt - 2)
    const newest = tries.findLast(({ startedAt }) => clock.shownAt(startedAt - 2) <= accepted) ?? first
    const lateReplay = clock.shownAt(newest.startedAt - 2).getTime() - began.getTime() > evidenceMs
    const stoppedAt = row.stoppedAt === null ? Infinity : row.stoppedAt + commitGraceMs
    if (first.startedAt > stoppedAt || (lateReplay && newest.startedAt > stoppedAt)) blame('afterStop', who)
    const index = stepKeys.indexOf(row.step)
    if (index === 0) return
    if (!isInWindow(began, lead.zone)) blame('outsideWindow', `${who}, attempted at ${began.toISOString()}`)
    const before = taken.get(`${lead.email} ${stepKeys[index - 1]}`)?.[0]
    if (!before) return blame('outsideWindow', `${who}: the step before it was never taken`)
    if (accepted < earliest(index, new Date(before.acceptedAt), lead.zone))
      blame('outsideWindow', `${who}: too early`)
  }

  const isLeapt = ({ status, dispatch }: Row) =>
    status === 'parked' && dispatch !== null && leapt.has(dispatch)
  // One that a person let go again may be parked so when the next step is planned already: that waits behind it.
  const behind = new Set(rows.filter(isLeapt).map(({ enrollment }) => enrollment))
  for (const row of rows) {
    if (row.status !== 'parked') continue
    if (isLeapt(row) || (row.dispatch === null && behind.has(row.enrollment))) damage.parkedByLeap++
    else blame('parked', `${row.lead} ${row.step} in ${row.dispatch}`)
  }

  const bytes = new Map<string, string>()
  for (const { idempotencyKey, bodyHash, path } of sandbox.attempts()) {
    if (idempotencyKey === null || path !== '/emails/batch') continue
    const known = bytes.get(idempotencyKey) ?? bodyHash
    bytes.set(idempotencyKey, known)
    if (known !== bodyHash) damage.otherBytes++
  }

  const alone = new Set(
    sandbox
      .attempts()
      .flatMap(({ items, error, idempotencyKey }) =>
        items === 1 && error === 'validation_error' ? (idempotencyKey ?? []) : [],
      ),
  )
  for (const lead of leads) {
    const own = rows.filter(({ lead: id }) => id === leadIds.get(lead.email))
    const isOut = ({ status, dispatch }: Row) =>
      dispatch !== null &&
      ((status === 'parked' && leapt.has(dispatch)) || (status === 'failed' && alone.has(dispatch)))
    const excused = own.some(isOut)
    damage.refusedAlone += own.filter((row) => row.status === 'failed' && isOut(row)).length
    const stopped = own.some(({ stoppedAt }) => stoppedAt !== null)
    const got = stepKeys.slice(0, steps).filter((step) => taken.has(`${lead.email} ${step}`))
    const wanted = lead.fate === 'refused' ? 0 : stopped || excused ? got.length : steps
    damage.expected += wanted
    // Nobody hangs: who got all of it is done with, whatever a person said on the way.
    const hangs = own.some(({ running }) => running) && got.length === steps && !excused
    const states = own.map(({ step, status }) => `${step} ${status}`).join(', ') || 'no lead at all'
    if (got.length < wanted) blame('missing', `${lead.email}: ${states}`, wanted - got.length)
    if (hangs && isOver) blame('missing', `${lead.email}: its enrollment does not end: ${states}`)
    if (lead.fate === 'plays' && stopped) blame('missing', `${lead.email} was stopped unasked: ${states}`)
    if ((lead.fate === 'bounces' || lead.fate === 'complains') && !stopped && !excused)
      blame('afterStop', `${lead.email} was not stopped: ${states}`)
  }
  return damage
}

async function readDeliveries(postgres: OwnPostgres): Promise<Row[]> {
  return postgres.query<Row>(
    `select d.id as delivery, d.lead_id as lead, d.step, d.status, d.dispatch_id as dispatch, e.id as enrollment,
       case when e.status = 'stopped'
         then (extract(epoch from pg_xact_commit_timestamp(e.xmin)) * 1000)::float8 end as "stoppedAt",
       e.status in ('active', 'held') as running
     from deliveries d join enrollments e on e.id = d.enrollment_id order by d.id`,
  )
}

async function readAttempts(postgres: OwnPostgres): Promise<Map<string, Attempt[]>> {
  const rows = await postgres.query<Attempt & { dispatch: string }>(
    `select dispatch_id as dispatch, fence, outcome,
       (extract(epoch from started_at) * 1000)::float8 as "startedAt"
     from attempts order by dispatch_id, fence`,
  )
  const found = new Map<string, Attempt[]>()
  for (const row of rows) found.set(row.dispatch, [...(found.get(row.dispatch) ?? []), row])
  return found
}

/** How often a person let a delivery go again, by its id. */
async function readRetries(postgres: OwnPostgres): Promise<Map<string, number>> {
  const rows = await postgres.query<{ id: string; count: number }>(
    `select subject as id, count(*)::int as count from audit_log where action = 'delivery-retry' group by 1`,
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}

export async function readLeadIds(postgres: OwnPostgres): Promise<Map<string, string>> {
  const rows = await postgres.query<{ id: string; email: string }>(
    'select id, email from leads where email is not null',
  )
  return new Map(rows.map(({ id, email }) => [email, id]))
}
