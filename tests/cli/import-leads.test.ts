import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alerts, consents, deliveries, leads, sources } from '../../drizzle/schema/index.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { sealDue } from '../../src/actions/seal-due.ts'
import { suppressLead } from '../../src/actions/stop-lead.ts'
import type { ListColumns } from '../../src/capture/list-columns.ts'
import { exportLeads } from '../../src/cli/export-leads.ts'
import { importLeads, type LeadsImport, type LeadsReport } from '../../src/cli/import-leads.ts'
import { inTransaction } from '../../src/store/db.ts'
import { findLeadByEmail } from '../../src/store/leads.ts'
import { tell } from '../actions/booking-support.ts'
import { settle, storyOf } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService, testStart } from '../support/service.ts'

let service: TestService
let folder: string
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
  service.sandbox.setWebhook(null)
  folder = await mkdtemp(join(tmpdir(), 'nurture-leads-'))
})
afterAll(async () => {
  await service?.stop()
  await rm(folder, { recursive: true })
})

let files = 0
async function take(text: string, options: Partial<LeadsImport> = {}) {
  const file = join(folder, `list-${++files}.csv`)
  await writeFile(file, text)
  let columns: ListColumns | null = null
  const { errorFile, ...counts } = await importLeads(service.ctx, {
    file,
    name: 'Old list',
    sequence: 'back-spasms',
    map: [],
    enroll: true,
    perDay: 500,
    dryRun: false,
    actor: 'test',
    told: (found) => (columns = found),
    progress: () => {},
    ...options,
  })
  return {
    counts: only(counts),
    errors: await readFile(errorFile, 'utf8').catch(() => null),
    columns: columns as ListColumns | null,
  }
}
const only = (counts: Omit<LeadsReport, 'errorFile'>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

const leadOf = async (email: string) => (await findLeadByEmail(service.ctx.db, email))!
const rowsOf = async (table: typeof leads | typeof deliveries | typeof alerts | typeof sources) =>
  (await service.ctx.db.select().from(table)).length

describe('a CSV list of leads', () => {
  test('guesses its columns as a form’s, and enrolls whoever it proves to have agreed', async () => {
    const before = await rowsOf(alerts)
    const list = [
      '\ufeffE-mail Address;Full Name;Cell Phone;Zip Code;Consent proof',
      'Ana@People.example;Ana Example;(610) 555-0131;94110;2025-11-03 on paper',
      'bo@people.example;"Example, Bo";;;',
      'not an address;;;;2025-11-03',
    ].join('\r\n')
    const dry = await take(list, { dryRun: true })
    expect(dry.counts).toEqual({ lines: 3, enrolled: 1, 'without-consent': 1, failed: 1 })
    expect([await rowsOf(leads), await rowsOf(sources)]).toEqual([0, 1])
    const { counts, errors, columns } = await take(list)
    expect(counts).toEqual(dry.counts)
    expect(columns).toMatchObject({
      proof: 'Consent proof',
      agreedAt: null,
      mapping: {
        email: 'E-mail Address',
        fullName: 'Full Name',
        phone: 'Cell Phone',
        postalCode: 'Zip Code',
      },
    })
    expect(errors).toBe('line,reason\n4,"This is not a complete e-mail address."\n')
    const ana = await leadOf('ana@people.example')
    expect(ana).toMatchObject({
      firstName: 'Ana',
      lastName: 'Example',
      phone: '+16105550131',
      timeZone: 'America/Los_Angeles',
    })
    const proofs = await service.ctx.db.select().from(consents)
    expect(proofs.map(({ leadId, basis, proof, givenAt }) => [leadId, basis, proof, givenAt])).toEqual([
      [ana.id, 'imported', '2025-11-03 on paper', new Date('2025-11-03T17:00:00Z')],
    ])
    expect((await storyOf(service, 'bo@people.example')).enrollments).toEqual([])
    // Nobody waits at the front desk for them.
    expect(await rowsOf(alerts)).toBe(before)
  })

  test('its first mails keep to the window and let fresh leads go first', async () => {
    // A Wednesday, 10:00 at the clinic: the next opening begins on Thursday at 8:00, which is 5:00 for Ana.
    const ana = await leadOf('ana@people.example')
    const [mail] = (await service.ctx.db.select().from(deliveries)).filter(({ leadId }) => leadId === ana.id)
    expect(mail).toMatchObject({
      first: false,
      step: 'lesson-1',
      dueAt: new Date('2026-03-05T16:00:00Z'),
      windowClosesAt: new Date('2026-03-06T03:00:00Z'),
    })
    expect((await sealDue(service.ctx)).dealt).toBe(0)
  })

  test('a day has room for so many, spread over its hours', async () => {
    const list = Array.from({ length: 5 }, (_, at) => `spread-${at}@people.example,2025-01-02`)
    await take(['email,proof', ...list].join('\n'), { perDay: 2, name: 'Spread' })
    const due = await Promise.all(
      list.map(async (_, at) => {
        const { id } = await leadOf(`spread-${at}@people.example`)
        const all = await service.ctx.db.select().from(deliveries)
        return all
          .find(({ leadId }) => leadId === id)!
          .dueAt.toISOString()
          .slice(0, 16)
      }),
    )
    // Thursday, Friday and, over the weekend, Monday in summer time; 8:00 to 19:00.
    expect(due).toEqual([
      '2026-03-05T13:00',
      '2026-03-05T18:30',
      '2026-03-06T13:00',
      '2026-03-06T18:30',
      '2026-03-09T12:00',
    ])
  })

  test('the same list again changes nothing; one that was only stored can be enrolled later', async () => {
    const list = 'email,proof\ncy@people.example,2025-02-03 by phone\n'
    expect((await take(list, { enroll: false })).counts).toEqual({ lines: 1, stored: 1 })
    expect((await take(list, { enroll: false })).counts).toEqual({ lines: 1, known: 1 })
    expect((await storyOf(service, 'cy@people.example')).enrollments).toEqual([])
    expect((await take(list)).counts).toEqual({ lines: 1, enrolled: 1 })
    expect((await take(list)).counts).toEqual({ lines: 1, known: 1 })
    expect((await take(list, { name: 'Another name' })).counts).toEqual({ lines: 1, attached: 1 })
    expect((await storyOf(service, 'cy@people.example')).enrollments).toHaveLength(1)
  })

  test.each(['before', 'after'])(
    'who was only stored %s the booking is not asked to book again',
    async (when) => {
      const email = `stored-${when}@people.example`
      const store = () => take(`email,proof\n${email},2025-02-03 by phone\n`, { enroll: false })
      const invitee = `https://calendly.test/stored-${when}`
      const at = () => service.clock.now().toISOString()
      if (when === 'before') await store()
      await tell(service, { invitee, email, at: at() })
      if (when === 'after') await store()
      service.clock.jumpTo(new Date(service.clock.now().getTime() + 60_000))
      await tell(service, { event: 'invitee.canceled', invitee, email, at: at() })
      expect((await storyOf(service, email)).enrollments).toEqual([])
    },
  )

  test('the rules of capturing hold: suppression, what runs already, and what is known better', async () => {
    await submitForm(service, { email: 'dee@people.example', first_name: 'Dee', phone: '610-555-0132' })
    await submitForm(service, { email: 'eve@people.example' })
    await settle(service)
    const eve = await leadOf('eve@people.example')
    await inTransaction(service.ctx.db, (tx) =>
      suppressLead(service.ctx, tx, { lead: eve, reason: 'unsubscribed', stop: 'unsubscribed' }),
    )
    const list = [
      'email,first name,proof,may we email you',
      'dee@people.example,Deirdre,1/2/2025,yes',
      'Eve+old@people.example,,1/2/2025,yes',
      'no@people.example,,1/2/2025,no',
      'later@people.example,,1/2/2030,yes',
      'sometime@people.example,,on paper,yes',
      'fay@people.example,,1/2/2025,yes',
      'FAY@people.example,,1/2/2025,yes',
    ].join('\n')
    expect((await take(list)).counts).toEqual({
      lines: 7,
      attached: 2,
      suppressed: 1,
      'without-consent': 3,
      enrolled: 1,
    })
    expect(await leadOf('dee@people.example')).toMatchObject({ firstName: 'Dee', phone: '+16105550132' })
  })

  test('says which columns it needs', async () => {
    const list = 'address,when\ngil@people.example,2025-01-02\n'
    await expect(take(list)).rejects.toMatchObject({ code: 'unmappable' })
    await expect(take(list, { map: ['email=address'] })).rejects.toMatchObject({ code: 'unmappable' })
    await expect(take(list, { map: ['email=nowhere'] })).rejects.toMatchObject({ code: 'config' })
    await expect(take('', {})).rejects.toMatchObject({ code: 'unmappable' })
    await expect(
      take(list, { sequence: 'rebook', map: ['email=address', 'proof=when'] }),
    ).rejects.toMatchObject({ code: 'config' })
    expect((await take(list, { map: ['email=Address', 'proof=when'] })).counts).toEqual({
      lines: 1,
      enrolled: 1,
    })
  })

  test('a long one has PostgreSQL count its tables, so that each line is found by the right index', async () => {
    const lines = Array.from({ length: 600 }, (_, index) => `long-${index}@people.example`)
    await take(`Email\n${lines.join('\n')}`, { enroll: false })
    // Its own counting comes once a minute at most.
    const { rows } = await service.ctx.db.execute(
      sql`select relname from pg_class where relname in ('captures', 'leads') and reltuples > 100`,
    )
    expect(rows).toHaveLength(2)
  })

  test('nothing can be sent to a list’s address', async () => {
    const list = (await service.ctx.db.select().from(sources)).find(({ adapter }) => adapter === 'import')!
    const response = await fetch(`${service.baseUrl}/hooks/leads/${list.slug}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'hal@people.example' }),
    })
    expect(response.status).toBe(401)
    expect(await findLeadByEmail(service.ctx.db, 'hal@people.example')).toBeNull()
  })
})

describe('the list of all leads', () => {
  test('holds everyone but the erased, and no formula', async () => {
    await submitForm(service, { email: 'ida@people.example', first_name: 'Ida' })
    await submitForm(service, { email: '=ix+1@people.example', first_name: 'Ix' })
    await settle(service)
    await eraseLead(service.ctx, { email: 'ida@people.example', actor: 'test' })
    const file = join(folder, 'all.csv')
    const { lines, suppressed } = await exportLeads(service.ctx, { file, progress: () => {} })
    const text = await readFile(file, 'utf8')
    const listed = parse(text, { columns: true }) as Record<string, string>[]
    expect(listed).toHaveLength(lines)
    expect(lines).toBe((await rowsOf(leads)) - 1)
    expect(text).not.toContain('ida@')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(text).not.toMatch(/(?:^|[,\n])"?[=+@-]/)
    expect(listed.find(({ email }) => email === 'Ana@people.example')).toEqual({
      email: 'Ana@people.example',
      first_name: 'Ana',
      last_name: 'Example',
      phone: "'+16105550131",
      postal_code: '94110',
      time_zone: 'America/Los_Angeles',
      came_at: testStart.toISOString(),
      source: 'Old list',
      sequence: 'back-spasms',
      status: 'active',
      stopped_because: '',
      booked: '',
      consent_proof: `2025-11-03T17:00:00.000Z, imported, 2025-11-03 on paper`,
      never_mail: '',
    })
    const never = listed.filter((one) => one.never_mail === 'yes').map(({ email }) => email)
    expect(never.sort()).toEqual(['Eve+old@people.example', 'eve@people.example'])
    expect(suppressed).toBe(2)
    await expect(exportLeads(service.ctx, { file, progress: () => {} })).rejects.toMatchObject({
      code: 'conflict',
    })
    // It can be imported again, and finds everyone.
    const again = await take(text, { enroll: false, name: 'Again' })
    const count = await rowsOf(leads)
    expect(again.counts).toMatchObject({ lines })
    expect(await rowsOf(leads)).toBe(count)
    expect(again.columns).toMatchObject({
      proof: 'consent_proof',
      mapping: { email: 'email', phone: 'phone' },
    })
  })
})
