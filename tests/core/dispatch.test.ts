import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AttemptOutcome,
  attemptOutcomes,
  evidenceReplayMs,
  judgeDispatch,
  replayLimitMs,
  quotaForFirst,
  retryDelayMs,
  shareForAsking,
  shareForFirst,
  shareForOthers,
  takenByNone,
  type Verdict,
} from '../../src/core/dispatch.ts'

const start = new Date('2026-03-04T15:00:00Z')
const at = (ms: number) => new Date(start.getTime() + ms)

type Row = {
  outcomes: (AttemptOutcome | null)[]
  paused: boolean
  dirty: boolean
  moved: boolean
  late: boolean
  proven: boolean
  age: 'young' | 'old' | 'expired'
}
const ages = { young: evidenceReplayMs - 1, old: evidenceReplayMs, expired: replayLimitMs }

function judge({ late, age, ...facts }: Row): Verdict {
  const now = at(ages[age])
  const sendBy = late ? now : new Date(now.getTime() + 1)
  const firstAttemptAt = facts.outcomes.length > 0 ? start : null
  return judgeDispatch({ ...facts, sendBy, firstAttemptAt }, now)
}

/** The protocol's words once more, in another order than the engine's: what is known decides first. */
function expected({ outcomes, paused, dirty, moved, late, proven, age }: Row): Verdict {
  const doubt = outcomes.some(
    (outcome) => outcome === null || outcome === 'unknown' || outcome === 'accepted',
  )
  if (!doubt && outcomes.some((outcome) => outcome === 'refused')) return 'open'
  if (!doubt) return paused || dirty || moved || late || proven ? 'open' : 'send'
  if (age === 'expired') return 'park'
  if (paused) return 'wait'
  if (proven || outcomes.includes('accepted') || age === 'young' || (!dirty && !late)) return 'send'
  return 'wait'
}

const histories: Row['outcomes'][] = [
  [],
  ...[null, ...attemptOutcomes].map((outcome) => [outcome]),
  ...[null, ...attemptOutcomes].flatMap((one) => [null, ...attemptOutcomes].map((two) => [one, two])),
]
const bools = [false, true]

describe('the judge', () => {
  test('says what the protocol says, in every case there is', () => {
    let cases = 0
    for (const outcomes of histories)
      for (const paused of bools)
        for (const dirty of bools)
          for (const late of bools)
            for (const proven of bools)
              for (const moved of bools)
                for (const age of ['young', 'old', 'expired'] as const) {
                  const row = { outcomes, paused, dirty, moved, late, proven, age }
                  expect({ row, verdict: judge(row) }).toEqual({ row, verdict: expected(row) })
                  cases++
                }
    expect(cases).toBe(31 * 32 * 3)
  })

  test.each<[string, Partial<Row>, Verdict]>([
    ['a fresh envelope goes out', {}, 'send'],
    ['a stopped member opens it', { dirty: true }, 'open'],
    ['a closed window opens it', { late: true }, 'open'],
    ['so does a member that is planned anew', { moved: true }, 'open'],
    ['but not one that may have gone out', { outcomes: [null], moved: true, age: 'old' }, 'send'],
    ['a pause opens it', { paused: true }, 'open'],
    ['a refusal opens it', { outcomes: ['refused'] }, 'open'],
    ['a rate limit waits its turn and goes out', { outcomes: ['rate-limited'] }, 'send'],
    [
      'proof of a member of it can only be of another one',
      { outcomes: ['rate-limited'], proven: true },
      'open',
    ],
    ['an attempt without an answer is made again', { outcomes: [null] }, 'send'],
    ['a refusal after it opens nothing', { outcomes: [null, 'refused'], dirty: true }, 'send'],
    ['it waits for evidence once a member is stopped', { outcomes: [null], dirty: true, age: 'old' }, 'wait'],
    ['and once its window closed', { outcomes: ['unknown'], late: true, age: 'old' }, 'wait'],
    ['but not when an event proves it', { outcomes: [null], dirty: true, proven: true, age: 'old' }, 'send'],
    ['nor when an answer does', { outcomes: ['accepted'], dirty: true, age: 'old' }, 'send'],
    ['at 23 hours a person has to look', { outcomes: ['unknown'], age: 'expired' }, 'park'],
    ['whatever was proven', { outcomes: ['unknown'], proven: true, age: 'expired' }, 'park'],
  ])('%s', (_what, row, verdict) => {
    const calm = { paused: false, dirty: false, moved: false, late: false, proven: false }
    const fresh: Row = { outcomes: [], ...calm, age: 'young' }
    expect(judge({ ...fresh, ...row })).toBe(verdict)
  })

  test('opens nothing that has one attempt in doubt, however many refusals surround it', () => {
    const outcome = fc.constantFrom(null, ...attemptOutcomes)
    fc.assert(
      fc.property(
        fc.array(outcome, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 0, max: 3 * replayLimitMs }),
        (outcomes, dirty, paused, proven, age) => {
          const facts = { outcomes, dirty, moved: false, paused, proven, sendBy: null, firstAttemptAt: start }
          const verdict = judgeDispatch(facts, at(age))
          expect(verdict === 'open').toBe(
            takenByNone(outcomes) && (outcomes.includes('refused') || dirty || paused || proven),
          )
          if (age >= replayLimitMs && !takenByNone(outcomes)) expect(verdict).toBe('park')
        },
      ),
    )
  })
})

test('first mails have a share of every rate and quota, and leave some to the others', () => {
  const rates = [3, 8, 10, 1_000]
  expect(rates.map(shareForFirst)).toEqual([1, 2, 2, 250])
  expect(rates.map(shareForAsking)).toEqual([1, 1, 1, 125])
  expect(rates.map(shareForOthers)).toEqual([1, 5, 7, 625])
  expect([2, 5, 100, 3_000].map(quotaForFirst)).toEqual([1, 1, 20, 600])
})

test('pauses grow from two seconds to five minutes', () => {
  expect([0, 1, 2, 3, 8, 9, 50, 1_000].map(retryDelayMs)).toEqual([
    2_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000, 300_000,
  ])
})
