import type { KillPoint, Slow } from './kill-points.ts'

type Edit = { file: string; find: string; replace: string }

/** A mistake planted in a copy of the engine. The run must report damage, or it proves nothing. */
export type Mutant = {
  name: string
  edits: Edit[]
  /** It shows in that the engine does not come to rest. Of any other that may be chance. */
  isRestless?: true
  /** Edits that are no mistake: they make it show. */
  harmless?: Edit[]
  /** What holds the door open for the race that the mistake loses: microseconds would be met too seldom. */
  slow?: Slow
  /** For how long each storm goes on, at least: two answers in a row go wrong, and the second try comes after seconds. */
  lingerMs?: number
  /** Where processes die whose death shows it; else anywhere. */
  points?: readonly KillPoint[]
}

export const mutants: readonly Mutant[] = [
  {
    name: 'no idempotency key',
    edits: [
      {
        file: 'src/mail/resend-mailer.ts',
        find: 'idempotencyKey: key,',
        replace: 'idempotencyKey: `${key}-${Math.random()}`,',
      },
    ],
  },
  {
    name: 're-rendered bytes',
    edits: [
      {
        file: 'src/mail/resend-mailer.ts',
        find: "post('/emails/batch', key, body, ",
        replace:
          'post(\'/emails/batch\', key, Buffer.from(Buffer.from(body).toString().replaceAll(\'"subject":"\', `"subject":"${process.pid} `)), ',
      },
    ],
  },
  {
    name: 'no stop check',
    edits: [
      {
        file: 'src/core/dispatch.ts',
        find: 'facts.paused || facts.dirty || late',
        replace: 'facts.paused || late',
      },
      { file: 'src/store/attempts.ts', find: "and dirty = ${sql.placeholder('dirty')}", replace: '' },
    ],
  },
  {
    name: 'claim without its lock',
    edits: [
      {
        file: 'src/store/due-deliveries.ts',
        find: 'limit ${limit} for update skip locked',
        replace: 'limit ${limit}',
      },
    ],
  },
  {
    name: 'start without its guard',
    slow: { at: 'before-start', ms: 600, share: 1 },
    edits: [
      {
        file: 'src/store/attempts.ts',
        find: "and fence = ${sql.placeholder('fence')} and dirty = ${sql.placeholder('dirty')}",
        replace: '',
      },
    ],
  },
  {
    name: 'open on unknown',
    edits: [
      {
        file: 'src/core/dispatch.ts',
        find: "outcomes.every((outcome) => outcome === 'refused' || outcome === 'rate-limited')",
        replace: "outcomes.every((outcome) => outcome !== 'accepted')",
      },
      {
        file: 'src/core/dispatch.ts',
        find: "if (facts.outcomes.includes('refused') || facts.proven) return 'open'",
        replace: "if (facts.outcomes.some((outcome) => outcome !== 'rate-limited')) return 'open'",
      },
    ],
  },
  {
    name: 'what is unknown is never asked again',
    isRestless: true,
    edits: [
      {
        file: 'src/core/dispatch.ts',
        find: "if (proven || age < evidenceReplayMs) return 'send'",
        replace: '',
      },
      {
        file: 'src/core/dispatch.ts',
        find: "return facts.dirty || late ? 'wait' : 'send'",
        replace: "return 'wait'",
      },
    ],
  },
  {
    name: 'no window gate',
    edits: [
      {
        file: 'src/core/dispatch.ts',
        find: 'facts.sendBy !== null && now >= facts.sendBy',
        replace: 'false',
      },
      { file: 'src/actions/send-dispatch.ts', find: 'ctx.clock.now() >= dispatch.sendBy', replace: 'false' },
      { file: 'src/actions/seal-due.ts', find: 'if (plan.dueAt > now)', replace: 'if (plan.dueAt < now)' },
    ],
  },
  {
    name: 'no holidays',
    edits: [{ file: 'src/core/schedule.ts', find: ' || isHoliday(holidays, date.toString())', replace: '' }],
  },
  {
    name: 'no replan',
    edits: [
      {
        file: 'src/actions/seal-due.ts',
        find: 'if (plan.dueAt > now) await replanDelivery(tx, delivery.id, plan)',
        replace: "if (plan.dueAt > now) await failDelivery(tx, delivery.id, 'cancelled', 'late')",
      },
    ],
  },
  {
    name: 'record without its fence',
    // Longer than a lease: the next attempt begins before this one is written down.
    slow: { at: 'after-outcome', ms: 2_500, share: 0.5 },
    edits: [
      {
        file: 'src/store/attempts.ts',
        find: 'eq(attempts.dispatchId, dispatchId), eq(attempts.fence, fence), sql',
        replace: 'eq(attempts.dispatchId, dispatchId), sql',
      },
      {
        file: 'src/store/dispatches.ts',
        find: "and fence = ${sql.placeholder('fence')} and outcome is null",
        replace: 'and outcome is null',
      },
    ],
  },
  {
    name: 'a refusal after an unknown opens',
    lingerMs: 4_000,
    edits: [
      {
        file: 'src/actions/record-result.ts',
        find: 'if (!takenByNone(await listOutcomes(ctx.db, id)))',
        replace: 'if (false)',
      },
    ],
    // The second try then comes while things still go wrong.
    harmless: [{ file: 'src/core/dispatch.ts', find: 'Math.min(2_000 *', replace: 'Math.min(200 *' }],
  },
  {
    name: 'first mails that no queue hears of',
    edits: [
      {
        file: 'jobs/queue-dispatches.ts',
        find: '      jobs.filter(({ reserved }) => reserved),',
        replace: '      [],',
      },
    ],
  },
  {
    name: 'no next step in the record',
    points: ['after-record'],
    edits: [
      {
        file: 'src/actions/accept-deliveries.ts',
        find: 'const told = markAccepted(tx, accepted, planned, now)',
        replace:
          // Only what is news, as the statement itself does: else a later event would make up for it.
          'const told = markAccepted(tx, accepted, [], now); told.then((news) => setTimeout(() => void insertDeliveries(ctx.db, planned.filter(({ after }) => news.has(after)), now).catch(() => {}), 50)).catch(() => {})',
      },
      {
        file: 'src/actions/accept-deliveries.ts',
        find: "import { zoneOf } from './zone-of.ts'",
        replace:
          "import { zoneOf } from './zone-of.ts'; import { insertDeliveries } from '../store/deliveries.ts'",
      },
    ],
  },
  {
    name: 'answers before its commit',
    edits: [
      {
        file: 'src/store/db.ts',
        find: "return [last, last.more ? null : client.query('commit')]",
        replace:
          "setTimeout(() => void client.query('commit'), 200); return [last, Promise.resolve({ command: 'COMMIT' } as pg.QueryResult)]",
      },
      {
        file: 'src/store/db.ts',
        find: 'client.release(broken)',
        replace: 'setTimeout(() => client.release(broken), 300)',
      },
    ],
  },
  {
    name: 'a word to skip that changes nothing',
    edits: [
      {
        file: 'src/actions/settle-delivery.ts',
        find: 'await skipDelivery(tx, delivery.id)',
        replace: 'await Promise.resolve()',
      },
    ],
  },
  {
    name: 'an end that is not looked for after a word',
    edits: [
      {
        file: 'src/actions/settle-delivery.ts',
        find: 'await finishEnrollments(ctx, tx, [member], await definitionsOf({ db: tx }, [member]))',
        replace: '',
      },
      {
        file: 'src/actions/accept-deliveries.ts',
        find: '[...last, ...again].filter(({ id }) => news.has(id))',
        replace: 'last.filter(({ id }) => news.has(id))',
      },
    ],
  },
]
