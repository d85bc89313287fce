import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FirstSteps } from '../../src/actions/first-steps.ts'
import { refreshBrand } from '../../src/actions/refresh-brand.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import type { Context } from '../../src/context.ts'
import { listAudit } from '../../src/store/audit.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { submitForm } from '../support/forms.ts'
import { expectProblem, mailsTo, settle } from '../http/support.ts'
import { type Member, newMember } from './support.ts'

let service: TestService
let admin: Member
/** What the name servers say, if they say anything. */
let records: Record<string, string[]> = {}
let isOffline = false
beforeAll(async () => {
  const answer = async (kind: string, name: string) => (isOffline ? null : (records[`${kind} ${name}`] ?? []))
  service = await createTestService({
    overrides: {
      senderDns: { txt: (name) => answer('TXT', name), mx: (name) => answer('MX', name) },
    },
  })
  await service.addSource({})
  admin = await newMember(service, 'admin')
})
afterAll(() => service?.stop())

const steps = async () => (await (await admin.call('GET', '/first-steps')).json()) as FirstSteps

const clinic = {
  clinicName: 'Main Line Movement',
  area: 'the Main Line',
  from: 'Main Line Movement <hello@mail.movement.example>',
  replyTo: 'desk@movement.example',
  postalAddress: '1 Main Street, Bryn Mawr, PA 19010',
  phone: '+16105550199',
  bookingUrl: 'https://book.movement.example/call',
  signature: { name: 'Jo Lee', role: 'physical therapist' },
  urgentCareNote: 'If you lose feeling or strength, go to an emergency department at once.',
}

test('what is missing is shown until it is done, and going live says what it needs', async () => {
  const before = await steps()
  expect(before.brand).toMatchObject({
    done: false,
    missing: expect.arrayContaining(['clinicName', 'bookingUrl']),
  })
  expect([before.note.isSample, before.call.done, before.form.done, before.test.done]).toEqual([
    true,
    false,
    false,
    false,
  ])
  const refused = await expectProblem(await admin.call('POST', '/first-steps/go-live'), 409, 'conflict')
  const fields = refused.errors!.map(({ field }) => field)
  expect(fields).toEqual(
    expect.arrayContaining(['brand', 'note', 'call', 'form', 'test', 'RESEND_API_KEY', 'CLINIC_NAME']),
  )
  expect(new Set(fields).size).toBe(fields.length)

  // Words that nobody has approved, and then others.
  await expectProblem(
    await admin.call('POST', '/first-steps/note', { note: before.note.words, name: 'Jo Lee' }),
    409,
    'conflict',
  )
  const saved = await admin.call('PUT', '/brand', {
    base: 0,
    brand: { ...clinic, call: { who: 'Jo', length: '15 minutes', cost: 'free', what: 'we listen' } },
  })
  expect(saved.status).toBe(200)
  const note = clinic.urgentCareNote
  await expectProblem(
    await admin.call('POST', '/first-steps/note', { note: 'other words', name: 'Jo' }),
    409,
    'conflict',
  )
  expect((await admin.call('POST', '/first-steps/note', { note, name: 'Jo Lee, DPT' })).status).toBe(200)
  expect((await steps()).note).toMatchObject({ done: true, approval: { by: 'Jo Lee, DPT' } })

  const made = await admin.call('POST', '/sources', { adapter: 'html-form', name: 'Contact page' })
  const { slug } = (await made.json()) as { slug: string }
  expect((await steps()).form).toMatchObject({
    done: false,
    sources: [{ name: 'Contact page', hasLead: false }],
  })
  await submitForm(service, { email: 'pat@lead.example' }, slug)
  expect((await steps()).form.done).toBe(true)

  expect(
    (await admin.call('POST', '/first-steps/test-lead', { email: 'delivered+me@resend.dev' })).status,
  ).toBe(200)
  expect((await steps()).test).toMatchObject({ done: false, status: 'waiting' })
  await settle(service)
  expect((await steps()).test.done).toBe(true)
  const [mail] = mailsTo(service, 'delivered+me@resend.dev')
  expect(mail!.from).toBe(clinic.from)
  expect(mail!.html).toContain(clinic.postalAddress)

  const last = await expectProblem(await admin.call('POST', '/first-steps/go-live'), 409, 'conflict')
  expect(last.errors!.every(({ field }) => field === field.toUpperCase())).toBe(true)
  const done = (await listAudit(service.ctx.db, { before: null, limit: 50 })).map(
    ({ action, actor }) => `${action} ${actor}`,
  )
  for (const action of ['save-brand', 'approve-note', 'add-source', 'send-test-lead'])
    expect(done).toContain(`${action} studio: ${admin.email}`)
})

describe('the brand', () => {
  test('is used by every process from its next tick, in mails, pages and links, and kept when nothing changed', async () => {
    // A second process on the same database.
    const config = { ...service.ctx.config, brand: service.ctx.brandDefaults }
    const other: Context = Object.assign(Object.create(service.ctx), { config })
    expect(other.config.brand.clinicName).toBe('Sample Physio')
    await runTick(other)
    expect(other.config.brand).toEqual({ ...service.ctx.config.brand })
    const kept = other.config.brand
    await refreshBrand(other)
    expect(other.config.brand).toBe(kept)
    expect(
      await (await fetch(`${service.baseUrl}/thanks`, { headers: { accept: 'text/html' } })).text(),
    ).toContain(clinic.bookingUrl)
    expect(service.ctx.links.bookingPage(null)).toContain(clinic.bookingUrl)
    expect(await (await admin.call('GET', '/me')).json()).toMatchObject({
      clinic: { name: clinic.clinicName },
    })
  })

  test('of two who change it at once, one is told', async () => {
    const { version } = (await (await admin.call('GET', '/brand')).json()) as { version: number }
    const change = (area: string) => admin.call('PUT', '/brand', { base: version, brand: { area } })
    const answers = await Promise.all([change('one place'), change('another')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('other words on urgent care need another approval', async () => {
    const { version } = (await (await admin.call('GET', '/brand')).json()) as { version: number }
    const urgentCareNote = 'If you lose strength in a leg, or cannot hold your water, call 911 at once.'
    await admin.call('PUT', '/brand', { base: version, brand: { urgentCareNote } })
    expect((await steps()).note).toMatchObject({ done: false, approval: null, words: urgentCareNote })
  })

  test.each([
    ['from', 'no address'],
    ['from', 'A, B <a@b.example>'],
    ['bookingUrl', 'javascript:alert(1)'],
    ['bookingUrl', 'http://plain.example'],
    ['logoUrl', 'data:image/png;base64,x'],
    ['phone', '610 555'],
    ['colors', { primary: 'red' }],
    ['clinicName', '\u0000'],
    ['urgentCareNote', 'short'],
  ])('%s cannot be %j', async (field, value) => {
    const answer = await admin.call('PUT', '/brand', { base: 0, brand: { [field]: value } })
    const { errors } = await expectProblem(answer, 422, 'invalid')
    expect(errors![0]!.field).toContain(`brand.${field}`)
  })
})

test('the sender’s records: found, missing with what to do, and unknown when nobody can be asked', async () => {
  const look = async () => {
    const { records: all } = (await (await admin.call('GET', '/first-steps/sender')).json()) as {
      records: { kind: string; state: string; found: string | null; advice: string }[]
    }
    return Object.fromEntries(all.map((one) => [one.kind, one]))
  }
  records = {
    'TXT send.mail.movement.example': ['something=else', 'v=spf1 include:amazonses.com ~all'],
    'MX send.mail.movement.example': ['feedback-smtp.us-east-1.amazonses.com'],
    'TXT resend._domainkey.mail.movement.example': ['p='],
    // Its own is missing, and the domain above has one.
    'TXT _dmarc.movement.example': ['v=DMARC1; p=none'],
    'MX movement.example': ['mx.movement.example'],
  }
  const found = await look()
  expect(Object.entries(found).map(([kind, { state }]) => [kind, state])).toEqual([
    ['SPF', 'found'],
    ['Return path', 'found'],
    ['DKIM', 'missing'],
    ['DMARC', 'found'],
    ['Replies', 'found'],
  ])
  expect(found.DKIM!.advice).toMatch(/Resend/)
  isOffline = true
  expect(new Set(Object.values(await look()).map(({ state }) => state))).toEqual(new Set(['unknown']))
})

test('a tool that is not known, or lacks its secret, is the form’s fault and says which field', async () => {
  const unknown = await admin.call('POST', '/sources', { adapter: 'toString', name: 'x' })
  expect((await expectProblem(unknown, 422, 'invalid')).errors![0]!.field).toBe('adapter')
  const bare = await admin.call('POST', '/sources', { adapter: 'webflow', name: 'Contact' })
  expect((await expectProblem(bare, 422, 'invalid')).errors![0]!.field).toBe('secret')
})

test('the address that is shown is taken, whatever the secret in it holds', async () => {
  const secret = 'a:secret+of=one@s&own,with;all|signs/?#%41'
  const made = await admin.call('POST', '/sources', { adapter: 'elementor', name: 'Own secret', secret })
  const { address } = (await made.json()) as { address: string }
  const body = new URLSearchParams({ form_id: 'contact', email: 'own-secret@lead.example' })
  expect((await fetch(address, { method: 'POST', body })).status).toBe(200)
  expect((await fetch(`${address}x`, { method: 'POST', body })).status).toBe(401)
})
