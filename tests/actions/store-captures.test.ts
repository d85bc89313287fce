import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { asc, eq, inArray, sql } from 'drizzle-orm'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  alerts,
  bookings,
  captures,
  consents,
  deliveries,
  enrollments,
  leads,
  sources,
} from '../../drizzle/schema/index.ts'
import { stopLead } from '../../src/actions/stop-lead.ts'
import { keysOfCapture, storeCaptures, unreadable } from '../../src/actions/store-captures.ts'
import { createCoalescer } from '../../src/coalescer.ts'
import type { CaptureResult, ReadCapture } from '../../src/core/capture.ts'
import { emailKey, foldedEmailKey } from '../../src/core/email-address.ts'
import type { LeadFields } from '../../src/core/submission.ts'
import { inTransaction } from '../../src/store/db.ts'
import { insertSuppression } from '../../src/store/suppressions.ts'
import { blankFields } from '../support/blank-fields.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'

let service: TestService
let source: Awaited<ReturnType<TestService['addSource']>>
let batches: number[]
beforeAll(async () => {
  service = await createTestService({
    overrides: {
      // As the service has it, with its batches counted.
      captures: createCoalescer<ReadCapture, CaptureResult>({
        keysOf: keysOfCapture,
        flush(batch) {
          batches.push(batch.length)
          return storeCaptures(service.ctx, batch)
        },
        flushes: 2,
        batch: 64,
        waiting: 1_000,
      }),
    },
  })
  source = await service.addSource({})
})
beforeEach(() => {
  batches = []
})
afterAll(() => service?.stop())

function capture(
  email: string,
  fields: Partial<LeadFields> = {},
  externalId: string = randomUUID(),
): ReadCapture {
  return {
    source,
    externalId,
    contentType: 'application/json',
    body: Buffer.from(`the body of ${externalId}`),
    receivedAt: service.clock.now(),
    content: { kind: 'lead', fields: { ...blankFields, email, ...fields } },
  }
}

let people = 0
const newAddress = () => `person-${++people}@batch.example`
const add = (one: ReadCapture) => service.ctx.captures.add(one)

async function captureOf({ captureId }: CaptureResult) {
  const [row] = await service.ctx.db.select().from(captures).where(eq(captures.id, captureId))
  return row!
}

const countAll = () => service.ctx.db.$count(captures)

/** A session of its own that holds the lock of an address, as whoever stops its lead does. */
async function holdAddress(...emails: string[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: service.databaseUrl })
  await client.connect()
  await client.query('begin')
  for (const email of emails) await lock(client, email)
  return client
}
const lock = (client: pg.Client, email: string) =>
  client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [foldedEmailKey(email)])

/** The sessions of the service that wait for a lock of an address; waits for the first. */
async function waitingSessions(): Promise<number[]> {
  for (let tries = 0; tries < 200; tries++) {
    const { rows } = await service.ctx.db.execute<{ pid: number }>(
      sql`select pid from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`,
    )
    if (rows.length > 0) return rows.map(({ pid }) => pid)
    await sleep(20)
  }
  throw new Error('Nobody waits')
}

describe('captures that come together', () => {
  test('are stored in one batch, each with all that belongs to it', async () => {
    const emails = Array.from({ length: 40 }, newAddress)
    const results = await Promise.all(emails.map((email) => add(capture(email, { firstName: 'Pat' }))))
    expect(batches).toEqual([40])
    expect(new Set(results.map(({ leadId }) => leadId)).size).toBe(40)
    const ids = results.map(({ leadId }) => leadId!)
    const bodies = await service.ctx.db.select().from(captures).where(inArray(captures.leadId, ids))
    for (const row of bodies) expect(row.body!.toString()).toBe(`the body of ${row.externalId}`)
    const { rows } = await service.ctx.db.execute<{ n: number }>(sql`
      select count(*)::int as n from leads l join captures c on c.lead_id = l.id and c.outcome = 'enrolled'
        join consents o on o.capture_id = c.id and o.lead_id = l.id join alerts a on a.capture_id = c.id
        join enrollments e on e.lead_id = l.id join deliveries d on d.enrollment_id = e.id and d.lead_id = l.id
      where l.email like '%@batch.example' and l.email_key = lower(l.email)`)
    expect(rows).toEqual([{ n: 40 }])
  })

  test('of one mailbox, however written: the later ones wait, and find the lead', async () => {
    const email = newAddress()
    const [first, tagged, again] = await Promise.all([
      add(capture(email)),
      add(capture(email.replace('@', '+tag@'))),
      add(capture(email.toUpperCase(), { lastName: 'Lee' })),
    ])
    expect(batches).toEqual([1, 1, 1])
    expect(again.leadId).toBe(first.leadId)
    expect(tagged.leadId).toBe(first.leadId)
    expect([first, tagged, again].map(({ duplicate }) => duplicate)).toEqual([false, false, false])
    for (const one of [tagged, again]) expect((await captureOf(one)).outcome).toBe('attached')
  })

  test('under one id: the second is told what became of the first', async () => {
    const email = newAddress()
    const [first, second] = await Promise.all([
      add(capture(email, {}, 'the same')),
      add(capture(email, {}, 'the same')),
    ])
    expect(second).toEqual({ ...first, duplicate: true })
    const bytes = { ...capture(email), body: Buffer.from('garbled') }
    const [parked, repeat] = await Promise.all([
      add(unreadable(bytes, 'garbled')),
      add(unreadable(bytes, 'garbled')),
    ])
    expect(parked).toMatchObject({ status: 'parked', duplicate: false })
    expect(repeat).toEqual({ ...parked, duplicate: true })
  })

  test('in two processes at once: no lead twice, no fault', async () => {
    const emails = Array.from({ length: 12 }, newAddress)
    const batch = emails.map((email) => capture(email, {}, `twice ${email}`))
    const rounds = await Promise.all([
      storeCaptures(service.ctx, batch),
      storeCaptures(service.ctx, batch.toReversed()),
      storeCaptures(
        service.ctx,
        batch.map((one) => ({ ...one, externalId: `other ${one.externalId}` })),
      ),
    ])
    const results = rounds.flat().map((result) => {
      if (result.status === 'rejected') throw result.reason
      return result.value
    })
    expect(new Set(results.map(({ leadId }) => leadId)).size).toBe(12)
    expect(results.filter(({ duplicate }) => duplicate)).toHaveLength(12)
    const garbled = emails.map((email) =>
      unreadable({ ...capture(email), body: Buffer.from(email) }, 'garbled'),
    )
    const parked = await Promise.all([
      storeCaptures(service.ctx, garbled),
      storeCaptures(service.ctx, garbled),
    ])
    expect(parked.flat().every(({ status }) => status === 'fulfilled')).toBe(true)
  })
})

describe('with bookings that came before the form', () => {
  let calls = 0
  async function booking(of: Partial<typeof bookings.$inferInsert>): Promise<string> {
    const occurredAt = service.clock.now()
    const known = {
      tool: 'test',
      externalId: `call ${++calls}`,
      occurredAt,
      bookedAt: occurredAt,
      createdAt: occurredAt,
    }
    const [row] = await service.ctx.db
      .insert(bookings)
      .values({ ...known, status: 'booked', ...of })
      .returning()
    return row!.id
  }
  const bookingOf = async (id: string) =>
    (await service.ctx.db.select().from(bookings).where(eq(bookings.id, id)))[0]!
  const runningOf = async ({ leadId }: CaptureResult) =>
    (await service.ctx.db.select().from(enrollments).where(eq(enrollments.leadId, leadId!))).map(
      ({ sequence, status }) => [sequence, status],
    )

  test('two leads of one batch with the number of one call: the first has it, the second is enrolled', async () => {
    const phone = '+16105550155'
    const id = await booking({ phone, emailKey: 'other@batch.example' })
    const results = await Promise.all([
      add(capture(newAddress(), { phone })),
      add(capture(newAddress(), { phone })),
      add(capture(newAddress())),
    ])
    expect(batches).toEqual([3])
    const outcomes = (await Promise.all(results.map(captureOf))).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['booked', 'enrolled', 'enrolled'])
    expect(await bookingOf(id)).toMatchObject({ leadId: results[0].leadId, matchedBy: 'phone' })
  })

  test('the address of one lead and the number of another: one of them has the call, and neither is mailed', async () => {
    const [phone, second] = ['+16105550156', newAddress()]
    const id = await booking({ phone, emailKey: second })
    const results = await Promise.all([add(capture(newAddress(), { phone })), add(capture(second))])
    expect(batches).toEqual([2])
    const outcomes = (await Promise.all(results.map(captureOf))).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['booked', 'booked'])
    expect((await bookingOf(id)).leadId).toBe(results[0].leadId)
  })

  test('who booked under this address is booked, though another had the number first; not once a person said whose it is', async () => {
    const [phone, second, third] = ['+16105550158', newAddress(), newAddress()]
    const first = await add(capture(newAddress(), { phone }))
    for (const [theirs, matchedBy] of [
      [second, 'phone'],
      [third, 'person'],
    ] as const)
      await booking({ phone, emailKey: theirs, leadId: first.leadId, matchedBy })
    // A call of long ago was not with who asks now.
    const [fourth, startsAt] = [newAddress(), new Date(service.clock.now().getTime() - 31 * 24 * 3_600_000)]
    await booking({ phone, emailKey: fourth, leadId: first.leadId, matchedBy: 'phone', startsAt })
    const results = [await add(capture(second)), await add(capture(third)), await add(capture(fourth))]
    const outcomes = (await Promise.all(results.map(captureOf))).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['booked', 'enrolled', 'enrolled'])
  })

  test('a number that another lead has already, and a call in doubt, are claimed by nobody', async () => {
    const phone = '+16105550157'
    const [third, fourth] = [newAddress(), newAddress()]
    await add(capture(newAddress(), { phone }))
    const shared = await booking({ phone })
    const doubtful = await booking({ emailKey: fourth, doubt: 'two leads have this phone number' })
    const results = [await add(capture(third, { phone })), await add(capture(fourth))]
    for (const result of results) expect((await captureOf(result)).outcome).toBe('enrolled')
    expect((await bookingOf(shared)).leadId).toBeNull()
    expect((await bookingOf(doubtful)).leadId).toBeNull()
  })

  test('a call that was cancelled: the mail that asks to book again is on disk with the form, or neither is', async () => {
    const email = newAddress()
    const id = await booking({ emailKey: email, status: 'cancelled' })
    const both = [capture(email), capture(newAddress())]
    const before = await countAll()
    const { ctx } = service
    const sequences = Object.defineProperty({ ...ctx.sequences }, 'rebook', {
      get() {
        throw new Error('The process dies here')
      },
    })
    const failed = await storeCaptures({ ...ctx, sequences }, both)
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await countAll()).toBe(before)
    expect((await bookingOf(id)).leadId).toBeNull()
    const [asked, fresh] = await Promise.all(both.map(add))
    expect(batches).toEqual([2])
    expect((await captureOf(asked!)).outcome).toBe('booked')
    expect(await runningOf(asked!)).toEqual([['rebook', 'active']])
    expect(await runningOf(fresh!)).toEqual([['back-spasms', 'active']])
    const [run] = await ctx.db.select().from(enrollments).where(eq(enrollments.leadId, asked!.leadId!))
    expect(await bookingOf(id)).toMatchObject({ leadId: asked!.leadId, rebookEnrollmentId: run!.id })
  })
})

describe('a batch in trouble', () => {
  test('what the database refuses is parked, and it alone', async () => {
    const before = await countAll()
    const batch = Array.from({ length: 21 }, () => capture(newAddress()))
    for (const index of [3, 4, 17]) {
      const { content } = batch[index]!
      if (content.kind === 'lead') content.fields = { ...content.fields, message: 'a\0b' }
    }
    const results = await Promise.all(batch.map(add))
    expect(batches).toEqual([21])
    for (const [index, result] of results.entries()) {
      const isPoison = [3, 4, 17].includes(index)
      expect(result).toMatchObject({ status: isPoison ? 'parked' : 'mapped', duplicate: false })
      const row = await captureOf(result)
      expect(row.body).toEqual(batch[index]!.body)
      if (isPoison)
        expect(row).toMatchObject({ leadId: null, reason: 'the database refused it: SQLSTATE 22P05' })
      else expect(row.externalId).toBe(batch[index]!.externalId)
    }
    expect(await countAll()).toBe(before + 21)
  })

  test('a source whose sequence is gone fails its own captures alone', async () => {
    const orphan = { ...source, sequence: 'gone' }
    const before = await countAll()
    const [good, bad] = await Promise.allSettled([
      add(capture(newAddress())),
      add({ ...capture(newAddress()), source: orphan }),
    ])
    expect(batches).toEqual([2])
    expect(good.status).toBe('fulfilled')
    expect(bad).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('sequence') },
    })
    expect(await countAll()).toBe(before + 1)
  })

  test('a deadlock is tried again', async () => {
    const [low, high] = [newAddress(), newAddress()].sort() as [string, string]
    const { db } = service.ctx
    const other = await holdAddress(high)
    const stored = Promise.all([add(capture(low)), add(capture(high))])
    await waitingSessions()
    // Each now waits for the other; the batch began to wait first, so it is the one that PostgreSQL calls off.
    await lock(other, low)
    const { rows } = await db.execute(
      sql`select 1 from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()
          and database = (select oid from pg_database where datname = current_database())`,
    )
    expect(rows).toHaveLength(2)
    await other.query('commit')
    await other.end()
    expect((await stored).map(({ status }) => status)).toEqual(['mapped', 'mapped'])
  })

  test('a connection that breaks: nothing of the batch is answered with success, and all can come again', async () => {
    const emails = Array.from({ length: 3 }, newAddress)
    const before = await countAll()
    const other = await holdAddress(emails[1]!)
    const send = () =>
      Promise.all(emails.map((email) => submitForm(service, { email, submission_id: `broken ${email}` })))
    const answers = send()
    for (const pid of await waitingSessions())
      await service.ctx.db.execute(sql`select pg_terminate_backend(${pid}::int)`)
    await other.query('commit')
    await other.end()
    const statuses = (await answers).map(({ status }) => status)
    const stored = (await countAll()) - before
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(0)
    expect(statuses.filter((status) => status === 200)).toHaveLength(stored)
    expect((await send()).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await countAll()).toBe(before + 3)
  })

  test('what was decided while it waited counts: a stop that commits first is seen', async () => {
    const email = newAddress()
    const other = await holdAddress(email)
    const stored = add(capture(email))
    await waitingSessions()
    const { hash, keyId, normalisation } = service.ctx.suppression.hash(foldedEmailKey(email))
    await other.query(
      `insert into suppressions (id, hash, key_id, normalisation, reason, created_at)
       values ($1, $2, $3, $4, 'unsubscribed', now())`,
      [randomUUID(), hash, keyId, normalisation],
    )
    await other.query('commit')
    await other.end()
    expect((await captureOf(await stored)).outcome).toBe('suppressed')
  })
})

test('more than can wait is answered with 503, and when to come again', async () => {
  const full = await createTestService({
    overrides: {
      captures: createCoalescer<ReadCapture, CaptureResult>({
        keysOf: keysOfCapture,
        flush: async () => [],
        flushes: 1,
        batch: 1,
        waiting: 0,
      }),
    },
  })
  try {
    await full.addSource({})
    const answer = await submitForm(full, { email: newAddress() })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
    expect(await answer.json()).toMatchObject({ type: 'urn:nurture:problem:busy' })
    expect(await full.ctx.db.$count(captures)).toBe(0)
  } finally {
    await full.stop()
  }
})

describe('whatever comes, in whatever mixture', () => {
  let wide: TestService
  let places: ReadCapture['source'][]
  beforeAll(async () => {
    wide = await createTestService()
    places = [
      await wide.addSource({ slug: 'plain' }),
      await wide.addSource({ slug: 'topical', topical: true }),
    ]
  })
  afterEach(() => wide.ctx.db.execute(sql`delete from settings where key = 'steps-off'`))
  afterAll(() => wide?.stop())

  const maybe = <T>(...values: T[]) => fc.constantFrom(null, ...values)
  const person = fc.constantFrom('ann', 'Ann', 'ann+tag', 'ben', 'cat', 'dan', 'eve')
  const submission = fc.record({
    person,
    place: fc.nat(1),
    id: fc.nat(2),
    kind: fc.constantFrom('lead', 'lead', 'lead', 'lead', 'ignored', 'unreadable', 'poison'),
    firstName: maybe('Pat', 'Lee'),
    phone: maybe('+16105550111', '+16105550122'),
    timeZone: maybe('America/Denver', 'America/Chicago'),
    consent: maybe(true, true, false),
  })
  type Sent = typeof submission extends fc.Arbitrary<infer T> ? T : never

  const read = (world: string, sent: Sent): ReadCapture => {
    const email = `${sent.person}@${world}.example`
    const { firstName, phone, timeZone, consent } = sent
    const message = sent.kind === 'poison' ? '\0' : null
    const fields = { ...blankFields, email, firstName, phone, timeZone, consent, message }
    const raw = {
      source: places[sent.place]!,
      contentType: null,
      body: Buffer.from(JSON.stringify([world, sent])),
      receivedAt: wide.clock.now(),
    }
    if (sent.kind === 'unreadable') return unreadable(raw, 'garbled')
    const externalId = `${world} ${emailKey(email)} ${sent.id}`
    if (sent.kind === 'ignored') return { ...raw, externalId, content: { kind: 'ignored', reason: 'a bot' } }
    return { ...raw, externalId, content: { kind: 'lead', fields } }
  }

  /** Ann cancelled her call, Ben is suppressed, Cat has booked, Dan went through it all, Eve was stopped. */
  async function populate(world: string): Promise<void> {
    const { ctx, clock } = wide
    const now = clock.now()
    const known = (name: 'dan' | 'eve') =>
      ctx.captures.add({
        ...read(world, {
          person: name,
          place: 0,
          id: 9,
          kind: 'lead',
          firstName: 'Known',
          phone: null,
          timeZone: null,
          consent: true,
        }),
      })
    await insertSuppression(ctx.db, ctx.suppression.hash(`ben@${world}.example`), 'unsubscribed', now)
    for (const [name, status] of [
      ['ann', 'cancelled'],
      ['cat', 'booked'],
    ] as const)
      await ctx.db.insert(bookings).values({
        tool: 'test',
        externalId: `${name} ${world}`,
        status,
        emailKey: `${name}@${world}.example`,
        occurredAt: now,
        bookedAt: now,
        createdAt: now,
      })
    const [dan, eve] = await Promise.all([known('dan'), known('eve')])
    await ctx.db.update(enrollments).set({ status: 'finished' }).where(eq(enrollments.leadId, dan.leadId!))
    await inTransaction(ctx.db, (tx) => stopLead(ctx, tx, { leadId: eve.leadId!, reason: 'staff' }))
  }

  /** All there is of a world, with its name and every id written so that two worlds can be compared. */
  async function stateOf(world: string): Promise<unknown[]> {
    const { db } = wide.ctx
    const rows = await db
      .select()
      .from(captures)
      .innerJoin(sources, eq(sources.id, captures.sourceId))
      .where(sql`position(${world}::text in convert_from(${captures.body}, 'UTF8')) > 0`)
      .orderBy(asc(captures.externalId))
    const parts: unknown[] = []
    for (const { captures: row, sources: from } of rows) {
      const { id, leadId, sourceId: _source, externalId, body, ...rest } = row
      parts.push({
        ...rest,
        // The key of unreadable bytes is their digest, and the bytes name their world.
        body: body!.toString(),
        key: externalId.startsWith('raw:') ? 'raw' : externalId,
        source: from.slug,
        alerts: await db.$count(alerts, eq(alerts.captureId, id)),
        consents: (await db.select().from(consents).where(eq(consents.captureId, id))).map(
          ({ basis, givenAt }) => ({ basis, givenAt }),
        ),
        hasLead: leadId !== null,
      })
    }
    for (const lead of await db
      .select()
      .from(leads)
      .where(sql`${leads.email} like ${`%@${world}.example`}`)
      .orderBy(asc(leads.emailKey))) {
      const { id, ...rest } = lead
      const own = await db.select().from(enrollments).where(eq(enrollments.leadId, id))
      const planned = await db.select().from(deliveries).where(eq(deliveries.leadId, id))
      parts.push({
        ...rest,
        captures: await db.$count(captures, eq(captures.leadId, id)),
        bookings: await db.$count(bookings, eq(bookings.leadId, id)),
        enrollments: own.map(({ status, topical, definitionHash, startedAt }) => [
          status,
          topical,
          definitionHash,
          startedAt,
        ]),
        deliveries: planned.map(({ step, status, dueAt, first }) => ({ step, status, dueAt, first })),
      })
    }
    return (JSON.parse(JSON.stringify(parts).replaceAll(world, 'world')) as unknown[]).toSorted(
      (one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1),
    )
  }

  let worlds = 0
  const newWorld = () => `w${String(++worlds).padStart(4, '0')}`

  test('all at once leaves what one at a time leaves', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(submission, { maxLength: 14 }), fc.boolean(), async (sent, off) => {
        const setting = JSON.stringify({ 'back-spasms': ['lesson-3'] })
        await wide.ctx.db.execute(sql`delete from settings where key = 'steps-off'`)
        if (off)
          await wide.ctx.db.execute(
            sql`insert into settings (key, value, updated_at) values ('steps-off', ${setting}, now())`,
          )
        const [slow, fast] = [newWorld(), newWorld()]
        await populate(slow)
        await populate(fast)
        const one: CaptureResult[] = []
        for (const each of sent) {
          const [result] = await storeCaptures(wide.ctx, [read(slow, each)])
          if (result!.status === 'rejected') throw result!.reason
          one.push(result!.value)
        }
        const all = await Promise.all(sent.map((each) => wide.ctx.captures.add(read(fast, each))))
        const told = ({ status, duplicate, leadId }: CaptureResult) => [status, duplicate, leadId !== null]
        expect(all.map(told)).toEqual(one.map(told))
        expect(await stateOf(fast)).toEqual(await stateOf(slow))
      }),
      { numRuns: 30 },
    )
  })
})
