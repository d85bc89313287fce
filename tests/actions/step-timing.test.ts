import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditLog, sequenceDefinitions } from '../../drizzle/schema/index.ts'
import { registerSequences } from '../../src/actions/definitions.ts'
import { describeSequence, exampleOf, timingHistory } from '../../src/actions/describe-sequence.ts'
import { rollbackTiming } from '../../src/actions/rollback-timing.ts'
import { stopLead } from '../../src/actions/stop-lead.ts'
import { switchStep } from '../../src/actions/switch-step.ts'
import { publishTimingDraft } from '../../src/actions/publish-timing.ts'
import { saveTimingDraft } from '../../src/actions/timing-draft.ts'
import type { StepTiming, Timings } from '../../src/core/sequence.ts'
import { addressOf, createEngine, type Engine } from './engine.ts'

let engine: Engine
beforeEach(async () => {
  engine = await createEngine()
})
afterEach(() => engine.stop())

const sequence = 'back-spasms'
const evening: StepTiming = { delayDays: 4, window: { days: [6, 2], from: '17:00', to: '20:00' } }

const save = (timings: Timings, base = 0, over: string | null = null) =>
  saveTimingDraft(engine.ctx, { sequence, timings, over, base, actor: 'ada' })
const publish = (version: string) => publishTimingDraft(engine.ctx, { sequence, version, actor: 'ada' })
const publishAll = async (timings: Timings, base = 0) => publish((await save(timings, base)).version)

/** When each mail went out, by lead, as days and hours of the clinic. */
async function play(): Promise<Map<string, string[]>> {
  for (let round = 0; round < 40; round++) {
    await engine.beat()
    const waits = (await engine.deliveries()).some(({ status }) => status === 'waiting')
    if (!waits) break
    await engine.jumpToDue()
  }
  const leads = new Map((await engine.leads()).map(({ id, email }) => [id, email!]))
  const sent = new Map<string, string[]>()
  for (const { leadId, step, acceptedAt } of await engine.deliveries()) {
    const local = acceptedAt!.toLocaleString('en-US', {
      timeZone: 'America/New_York',
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
    })
    const email = leads.get(leadId)!
    sent.set(email, [...(sent.get(email) ?? []), `${step} ${local}`])
  }
  return sent
}

test('published times are for those who come later, and go out as the example said', async () => {
  await engine.enroll(1)
  await publishAll({ 'lesson-2': evening })
  const example = await exampleOf(engine.ctx, sequence, { timeZone: 'America/New_York' })
  await engine.enroll(2)
  const sent = await play()
  // Wednesday 10:00 and four days is a Sunday; the next Tuesday evening is two days on.
  expect(sent.get(addressOf(1))?.[1]).toBe('lesson-2 Tue, 17')
  expect(sent.get(addressOf(0))?.[1]).toBe('lesson-2 Thu, 10')
  const last = (await engine.deliveries()).filter(({ step }) => step === 'lesson-7')
  const lateLead = (await engine.leads()).find(({ email }) => email === addressOf(1))!
  expect(last.find(({ leadId }) => leadId === lateLead.id)?.acceptedAt).toEqual(example.steps[6]?.dueAt)
})

test('another definition is stored under its hash, with what was changed and by whom in the log', async () => {
  const before = await engine.ctx.db.select().from(sequenceDefinitions)
  await publishAll({ 'lesson-2': evening, 'lesson-3': { delayDays: 2, window: officeHours } })
  const after = await engine.ctx.db.select().from(sequenceDefinitions)
  expect(after).toHaveLength(before.length + 1)
  const fresh = after.find(({ hash }) => before.every((row) => row.hash !== hash))!
  await engine.enroll(1)
  expect(await engine.enrollments()).toMatchObject([{ definitionHash: fresh.hash }])
  expect(fresh.definition.steps[1]).toMatchObject({ delayDays: 4, window: { days: [2, 6] } })
  const log = await engine.ctx.db.select().from(auditLog).where(eq(auditLog.action, 'publish-timing'))
  expect(log).toMatchObject([
    // What is as in code stays with the code.
    {
      actor: 'ada',
      subject: sequence,
      detail: { revision: 1, before: {}, after: { 'lesson-2': { delayDays: 4 } } },
    },
  ])
  expect(Object.keys((log[0]!.detail as { after: object }).after)).toEqual(['lesson-2'])
})

const officeHours = { days: [1, 2, 3, 4, 5], from: '08:00', to: '19:00' } as const

test.each([
  ['a delay of no day', 'lesson-2', { ...evening, delayDays: 0 }, 'lesson-2.delayDays'],
  ['a delay of years', 'lesson-2', { ...evening, delayDays: 400 }, 'lesson-2.delayDays'],
  ['no day', 'lesson-2', { delayDays: 1, window: { ...officeHours, days: [] } }, 'lesson-2.window'],
  [
    'an end before its start',
    'lesson-2',
    { delayDays: 1, window: { ...officeHours, to: '07:00' } },
    'lesson-2.window',
  ],
  ['a few minutes', 'lesson-2', { delayDays: 1, window: { ...officeHours, to: '08:30' } }, 'lesson-2.window'],
  ['the answer to the form', 'lesson-1', evening, 'lesson-1'],
  ['a step that is not there', 'lesson-9', evening, 'lesson-9'],
] as const)('%s is kept in the draft and refused when published', async (_, step, timing, field) => {
  const draft = await save({ [step]: timing })
  const view = await describeSequence(engine.ctx, sequence)
  expect(view.draft?.findings).toContainEqual(expect.objectContaining({ level: 'refuse', field }))
  await expect(publish(draft.version)).rejects.toMatchObject({ code: 'invalid' })
  expect((await describeSequence(engine.ctx, sequence)).inForce.revision).toBe(0)
})

test('a day on which the clinic is closed is warned of', async () => {
  expect(await publishAll({ 'lesson-2': evening })).toMatchObject([
    { level: 'warn', field: 'lesson-2.window' },
  ])
})

test('two who publish at once: one wins, and what is open over old times is refused', async () => {
  const draft = await save({ 'lesson-2': evening })
  const results = await Promise.allSettled([publish(draft.version), publish(draft.version)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await expect(save({}, 0)).rejects.toThrow('ada published another version')
  await publishAll({}, 1)
  expect(await describeSequence(engine.ctx, sequence)).toMatchObject({
    inForce: { revision: 2 },
    steps: [{}, { key: 'lesson-2', delayDays: 1 }, {}, {}, {}, {}, {}],
  })
})

const goBack = (to: number, over: number, note: string | null = null) =>
  rollbackTiming(engine.ctx, { sequence, to, over, note, actor: 'ben' })
const definitionsUsed = async () => (await engine.enrollments()).map(({ definitionHash }) => definitionHash)

test('earlier times come back as new ones, for those who come later, and all of it is kept', async () => {
  await publishAll({ 'lesson-2': evening })
  await engine.enroll(1)
  await publishAll({ 'lesson-3': { ...evening, delayDays: 9 } }, 1)
  await engine.enroll(2)
  const { revision, warnings } = await goBack(1, 2, 'evenings went better')
  expect({ revision, warnings }).toMatchObject({ revision: 3, warnings: [{ field: 'lesson-2.window' }] })
  await engine.enroll(3)
  const [first, second, third] = await definitionsUsed()
  expect(third).toBe(first)
  expect(second).not.toBe(first)
  await goBack(0, 3)
  const history = await timingHistory(engine.ctx, sequence)
  expect(history).toMatchObject([
    { revision: 4, author: 'ben', from: 0, note: null },
    { revision: 3, author: 'ben', from: 1, note: 'evenings went better' },
    { revision: 2, author: 'ada', from: null },
    { revision: 1, author: 'ada', from: null },
    { revision: 0, author: null, publishedAt: null },
  ])
  expect(history.map(({ steps }) => [steps[1]?.delayDays, steps[2]?.delayDays])).toEqual([
    [1, 2],
    [4, 2],
    [1, 9],
    [4, 2],
    [1, 2],
  ])
  expect(history[0]?.steps).toEqual(history[4]?.steps)
  const log = await engine.ctx.db.select().from(auditLog).where(eq(auditLog.action, 'rollback-timing'))
  expect(log).toMatchObject([
    { actor: 'ben', subject: sequence, detail: { revision: 3, from: 1, note: 'evenings went better' } },
    { actor: 'ben', subject: sequence, detail: { revision: 4, from: 0, after: {} } },
  ])
})

test('going back is refused when somebody published meanwhile, for what never was, and for times that cannot be', async () => {
  await publishAll({ 'lesson-2': evening })
  await publishAll({}, 1)
  await expect(goBack(1, 1)).rejects.toMatchObject({ code: 'conflict' })
  await expect(goBack(0, 1)).rejects.toThrow('ada published other times')
  await expect(goBack(2, 2)).rejects.toThrow('in force already')
  await expect(goBack(7, 2)).rejects.toMatchObject({ code: 'not-found' })
  const both = await Promise.allSettled([goBack(1, 2), goBack(0, 2)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const { revision } = (await describeSequence(engine.ctx, sequence)).inForce
  expect(revision).toBe(3)
  // Holidays that came since leave these evenings no day.
  const brand = { ...engine.ctx.config.brand, holidays: [{ from: '2026-03-01', to: '2027-06-01' }] }
  const ctx = { ...engine.ctx, config: { ...engine.ctx.config, brand } }
  await expect(
    rollbackTiming(ctx, { sequence, to: 1, over: 3, note: null, actor: 'ben' }),
  ).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'lesson-2.window' }] })
  expect((await timingHistory(engine.ctx, sequence)).map((past) => past.revision)).toEqual([3, 2, 1, 0])
})

test('a draft that began before is published over what came back only by who has seen that', async () => {
  await publishAll({ 'lesson-2': evening })
  const draft = await save({ 'lesson-3': { ...evening, delayDays: 9 } }, 1)
  await goBack(0, 1)
  await expect(publish(draft.version)).rejects.toThrow('ben published other times')
  await publishTimingDraft(engine.ctx, { sequence, version: draft.version, over: 2, actor: 'ada' })
  expect(await describeSequence(engine.ctx, sequence)).toMatchObject({
    inForce: { revision: 3, author: 'ada' },
    steps: [{}, { delayDays: 1 }, { delayDays: 9 }, {}, {}, {}, {}],
  })
})

test('a step that is off stays off under other times, and other sequences are left alone', async () => {
  await switchStep(engine.ctx, { sequence, step: 'lesson-3', on: false, actor: 'ada' })
  await publishAll({ 'lesson-2': evening })
  await engine.enroll(1)
  const sent = (await play()).get(addressOf(0))!
  expect(sent.map((line) => line.split(' ')[0])).not.toContain('lesson-3')
  expect(sent).toHaveLength(6)
  expect((await describeSequence(engine.ctx, 'rebook')).inForce.revision).toBe(0)
})

test('a start is refused when the holidays leave published times no day at all', async () => {
  await publishAll({ 'lesson-2': { delayDays: 1, window: { days: [1], from: '08:00', to: '19:00' } } })
  const brand = { ...engine.ctx.config.brand, holidays: [{ from: '2026-03-01', to: '2027-06-01' }] }
  await expect(
    registerSequences({ ...engine.ctx, config: { ...engine.ctx.config, brand } }),
  ).rejects.toMatchObject({ code: 'config' })
})

test('the tally says who waits where, what was sent, and who stopped before which mail and why', async () => {
  await engine.enroll(3)
  await engine.beat()
  const leads = await engine.leads()
  await stopLead(engine.ctx, engine.ctx.db, { leadId: leads[0]!.id, reason: 'booked' })
  const { steps } = await describeSequence(engine.ctx, sequence)
  expect(steps[0]?.tally).toMatchObject({ sent: 3, waiting: 0, stopped: [] })
  expect(steps[1]?.tally).toMatchObject({ sent: 0, waiting: 2, stopped: [{ reason: 'booked', count: 1 }] })
})
