import { randomUUID } from 'node:crypto'
import { desc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { captures, consents, enrollments, leads } from '../../drizzle/schema/index.ts'
import type { ImportedConsent } from '../../src/core/consent.ts'
import type { Sequence } from '../../src/core/sequence.ts'
import type { LeadFields } from '../../src/core/submission.ts'
import { sequences } from '../../src/sequences/index.ts'
import { blankFields } from '../support/blank-fields.ts'
import { createTestService, type TestService } from '../support/service.ts'

const lessons = sequences['back-spasms']!
const like = (key: string, entry: Sequence['entry']): Sequence => ({
  ...lessons,
  key,
  ...(entry && { entry }),
})

let service: TestService
const sourceOf = new Map<string, Awaited<ReturnType<TestService['addSource']>>>()
beforeAll(async () => {
  const also = {
    strict: like('strict', { consent: ['ticked'], again: 'once' }),
    yearly: like('yearly', { consent: ['ticked', 'inquiry'], again: { afterDays: 90 } }),
    always: like('always', { consent: ['ticked', 'inquiry'], again: 'while-not-active' }),
  }
  service = await createTestService({ overrides: { sequences: { ...sequences, ...also } } })
  for (const sequence of ['back-spasms', ...Object.keys(also)])
    for (const adapter of ['bearer', 'html-form'])
      sourceOf.set(
        `${sequence} ${adapter}`,
        await service.addSource({ slug: `${sequence}-${adapter}`, adapter, sequence, secrets: [] }),
      )
})
afterAll(() => service?.stop())

let people = 0
const newAddress = () => `person-${++people}@people.example`

/** Takes one form in and says what became of it. */
async function come(
  email: string,
  fields: Partial<LeadFields> = {},
  {
    sequence = 'back-spasms',
    adapter = 'bearer',
    imported,
    receivedAt = service.clock.now(),
  }: {
    sequence?: string
    adapter?: string
    imported?: ImportedConsent
    receivedAt?: Date
  } = {},
) {
  const { captureId } = await service.ctx.captures.add({
    source: sourceOf.get(`${sequence} ${adapter}`)!,
    externalId: randomUUID(),
    contentType: 'application/json',
    body: Buffer.from('{}'),
    receivedAt,
    content: { kind: 'lead', fields: { ...blankFields, email, ...fields }, ...(imported && { imported }) },
  })
  const [row] = await service.ctx.db.select().from(captures).where(eq(captures.id, captureId))
  return row!
}

const leadOf = async (id: string) => (await service.ctx.db.select().from(leads).where(eq(leads.id, id)))[0]!

const proofs = (captureId: string) =>
  service.ctx.db.select().from(consents).where(eq(consents.captureId, captureId))

/** Ends what runs of a lead. */
const finish = (leadId: string) =>
  service.ctx.db
    .update(enrollments)
    .set({ status: 'finished', endedAt: service.clock.now() })
    .where(eq(enrollments.leadId, leadId))

describe('the basis that a sequence needs', () => {
  test('an inquiry from the United States is enough, and is on record', async () => {
    const { id, outcome } = await come(newAddress(), { pageUrl: 'https://clinic.example/contact' })
    expect(outcome).toBe('enrolled')
    expect(await proofs(id)).toMatchObject([
      { basis: 'inquiry', proof: null, pageUrl: 'https://clinic.example/contact' },
    ])
  })

  test('where a box must be ticked, a lead without it is stored and not enrolled; a tick later enrolls', async () => {
    const email = newAddress()
    const asked = await come(email, {}, { sequence: 'strict' })
    expect(asked.outcome).toBe('without-consent')
    expect(await proofs(asked.id)).toMatchObject([{ basis: 'inquiry' }])
    const ticked = await come(email, { consent: true }, { sequence: 'strict' })
    expect(ticked).toMatchObject({ outcome: 'enrolled', leadId: asked.leadId })
    // Append-only: both stay.
    expect(await service.ctx.db.$count(consents, eq(consents.leadId, asked.leadId!))).toBe(2)
  })

  test('a tick on an earlier form still counts; one box left empty weighs more', async () => {
    const email = newAddress()
    await come(email, { consent: true })
    const { leadId } = await come(email)
    await finish(leadId!)
    expect((await come(email, { consent: false }, { sequence: 'strict' })).outcome).toBe('without-consent')
    expect((await come(email, {}, { sequence: 'strict' })).outcome).toBe('enrolled')
  })

  test.each<[string, Partial<LeadFields>]>([
    ['a country', { country: 'Deutschland' }],
    ['a zone', { timeZone: 'America/Toronto' }],
    ['a phone number', { phone: '+442079460958' }],
  ])('%s in Canada or Europe asks for the box', async (_sign, fields) => {
    expect((await come(newAddress(), fields)).outcome).toBe('without-consent')
    expect((await come(newAddress(), { ...fields, consent: true })).outcome).toBe('enrolled')
  })

  test('what an earlier form told of the country is not forgotten', async () => {
    const email = newAddress()
    const first = await come(email, { country: 'France' })
    const second = await come(email, { firstName: 'Pat' })
    expect(second.outcome).toBe('without-consent')
    const [lead] = await service.ctx.db.select().from(leads).where(eq(leads.id, first.leadId!))
    expect(lead).toMatchObject({ country: 'FR', firstName: 'Pat' })
  })

  test('imported with proof: kept as it was given, and enough only where a sequence says so', async () => {
    const imported = { givenAt: new Date('2025-11-03T12:00:00Z'), proof: 'paper form, in the office' }
    const { id, outcome } = await come(newAddress(), {}, { imported })
    expect(outcome).toBe('enrolled')
    expect(await proofs(id)).toMatchObject([{ basis: 'imported', ...imported }])
    expect((await come(newAddress(), {}, { imported, sequence: 'strict' })).outcome).toBe('without-consent')
    const refused = await come(newAddress(), { consent: false }, { imported })
    expect(refused.outcome).toBe('without-consent')
    expect(await proofs(refused.id)).toEqual([])
  })
})

describe('one person', () => {
  test('through two forms is one lead with two captures; what came last wins, and nothing known is lost', async () => {
    const email = newAddress()
    const one = await come(email, { firstName: 'Pat', phone: '+16105550199', postalCode: '19010' })
    const two = await come(
      email.toUpperCase(),
      { firstName: 'Patricia', lastName: 'Lee' },
      { sequence: 'strict', adapter: 'html-form' },
    )
    expect(two.leadId).toBe(one.leadId)
    expect(await service.ctx.db.$count(captures, eq(captures.leadId, one.leadId!))).toBe(2)
    expect(await leadOf(one.leadId!)).toMatchObject({
      firstName: 'Patricia',
      lastName: 'Lee',
      phone: '+16105550199',
      postalCode: '19010',
    })
  })

  test('told by a form that was parked meanwhile: it fills gaps, and takes nothing newer away', async () => {
    const email = newAddress()
    const { leadId } = await come(email, { firstName: 'Patricia', timeZone: 'America/Denver' })
    const receivedAt = new Date(service.clock.now().getTime() - 60_000)
    const older = { firstName: 'Pat', lastName: 'Lee', timeZone: 'America/Chicago' }
    const { id } = await come(email, older, { receivedAt })
    expect(await leadOf(leadId!)).toMatchObject({
      firstName: 'Patricia',
      lastName: 'Lee',
      timeZone: 'America/Denver',
    })
    expect(await proofs(id)).toMatchObject([{ givenAt: receivedAt }])
  })
})

test.each([
  ['impossible', ['impossible'], 'pat@gmail.cmo'],
  ['enrolled', ['role'], 'info@people.example'],
  ['enrolled', ['disposable'], 'pat@mailinator.com'],
])('%s, flagged %j: %s', async (outcome, flags, email) => {
  const row = await come(email)
  expect(row.outcome).toBe(outcome)
  expect(await leadOf(row.leadId!)).toMatchObject({ email, flags })
})

describe('coming back', () => {
  test('after so many days, where the sequence says so', async () => {
    const email = newAddress()
    const { leadId } = await come(email, {}, { sequence: 'yearly' })
    expect((await come(email, {}, { sequence: 'yearly' })).outcome).toBe('attached')
    await finish(leadId!)
    expect((await come(email, {}, { sequence: 'yearly' })).outcome).toBe('finished')
    await service.ctx.db
      .update(enrollments)
      .set({ endedAt: new Date(service.clock.now().getTime() - 90 * 86_400_000) })
      .where(eq(enrollments.leadId, leadId!))
    expect((await come(email, {}, { sequence: 'yearly' })).outcome).toBe('enrolled')
    const own = await service.ctx.db
      .select()
      .from(enrollments)
      .where(eq(enrollments.leadId, leadId!))
      .orderBy(desc(enrollments.startedAt))
    expect(own).toHaveLength(2)
  })

  test('at once when nothing runs, where the sequence says so; never where it says once', async () => {
    const email = newAddress()
    const { leadId } = await come(email, {}, { sequence: 'always' })
    await finish(leadId!)
    expect((await come(email, {}, { sequence: 'always' })).outcome).toBe('enrolled')
    await finish(leadId!)
    // Another sequence is another matter.
    expect((await come(email)).outcome).toBe('enrolled')
    await finish(leadId!)
    expect((await come(email)).outcome).toBe('finished')
  })

  test('never through a form that anybody can fill in for somebody else', async () => {
    const email = newAddress()
    const { leadId } = await come(email, {}, { sequence: 'always', adapter: 'html-form' })
    await finish(leadId!)
    for (const sequence of ['always', 'back-spasms'])
      expect((await come(email, {}, { sequence, adapter: 'html-form' })).outcome).toBe('finished')
    expect((await come(email, {}, { sequence: 'always' })).outcome).toBe('enrolled')
  })
})
