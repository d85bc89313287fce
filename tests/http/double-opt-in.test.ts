import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { captures, consents, enrollments, leads, sequenceDefinitions } from '../../drizzle/schema/index.ts'
import { liftSuppression } from '../../src/actions/lift-suppression.ts'
import { publishTimingDraft } from '../../src/actions/publish-timing.ts'
import { saveTimingDraft } from '../../src/actions/timing-draft.ts'
import { officeHours } from '../../src/sequences/office-hours.ts'
import { readRebookFacts } from '../../src/store/rebooking.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { mailsTo, settle } from './support.ts'

let service: TestService
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({ slug: 'asking', doubleOptIn: true })
  await service.addSource({ slug: 'plain' })
})
afterAll(() => service?.stop())

async function submit(email: string, fields: Record<string, string> = {}, slug = 'asking') {
  expect((await submitForm(service, { email, ...fields }, slug)).status).toBe(200)
  await settle(service)
}

const subjects = (email: string) => mailsTo(service, email).map(({ subject }) => subject)
const ask = 'Please confirm your email address'

async function linkIn(email: string): Promise<string> {
  const [mail] = mailsTo(service, email)
  const link = /https?:\/\/\S+\/confirm\/[\w-]+/.exec(mail!.text ?? '')?.[0]
  expect(link).toBeDefined()
  return link!
}

async function press(link: string): Promise<number> {
  const { status } = await fetch(link, { method: 'POST', headers: { accept: 'text/html' } })
  await settle(service)
  return status
}

const leadAt = async (email: string) =>
  (await service.ctx.db.select().from(leads).where(eq(leads.email, email)))[0]!
const sequencesOf = async (email: string) => {
  const { id } = await leadAt(email)
  const rows = await service.ctx.db.select().from(enrollments).where(eq(enrollments.leadId, id))
  return rows.map(({ sequence, status }) => `${sequence} ${status}`).sort()
}
const outcomesOf = async (email: string) => {
  const { id } = await leadAt(email)
  const rows = await service.ctx.db.select().from(captures).where(eq(captures.leadId, id))
  return rows.map(({ outcome }) => outcome)
}

describe('a source that asks first', () => {
  test('sends one mail that asks; a GET of its link changes nothing, a POST is the yes', async () => {
    const email = 'asked@lead.example'
    await submit(email, { first_name: 'Pat' })
    expect(subjects(email)).toEqual([ask])
    expect(await outcomesOf(email)).toEqual(['unconfirmed'])
    expect(await sequencesOf(email)).toEqual(['opt-in finished'])
    const link = await linkIn(email)
    for (let times = 0; times < 3; times++) {
      const page = await fetch(link, { headers: { accept: 'text/html' } })
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('method="post"')])
      expect((await fetch(link, { method: 'HEAD' })).status).toBe(200)
    }
    // The page bears the clinic's name of now, as the mail does.
    const { brand } = service.ctx.config
    service.ctx.config.brand = { ...brand, clinicName: 'The Clinic by Another Name' }
    expect(await (await fetch(link)).text()).toMatch(/The Clinic by Another Name\s+answers/)
    service.ctx.config.brand = brand
    await settle(service)
    expect(subjects(email)).toEqual([ask])
    expect(await press(link)).toBe(200)
    expect(subjects(email)).toHaveLength(2)
    expect(await sequencesOf(email)).toEqual(['back-spasms active', 'opt-in finished'])
    expect(await outcomesOf(email)).toEqual(['enrolled'])
    const { id } = await leadAt(email)
    const proofs = await service.ctx.db.select().from(consents).where(eq(consents.leadId, id))
    expect(proofs.map(({ basis }) => basis).sort()).toEqual(['confirmed', 'ticked'])
    // A second press is no second yes.
    expect(await press(link)).toBe(200)
    expect(await service.ctx.db.$count(consents, eq(consents.leadId, id))).toBe(2)
    expect(subjects(email)).toHaveLength(2)
  })

  test('takes the yes of one whose suppression a person lifted, whatever it went through before', async () => {
    const email = 'back-again@lead.example'
    await submit(email, {}, 'plain')
    const leave = /https?:\/\/\S+\/u\/[\w-]+/.exec(mailsTo(service, email)[0]!.text ?? '')![0]
    await fetch(leave, { method: 'POST' })
    service.clock.jumpTo(new Date(service.clock.now().getTime() + 60_000))
    await liftSuppression(service.ctx, { email, because: 'asked by phone', actor: 'test' })
    service.clock.jumpTo(new Date(service.clock.now().getTime() + 60_000))
    await submit(email)
    const link = /https?:\/\/\S+\/confirm\/[\w-]+/.exec(mailsTo(service, email).at(-1)!.text ?? '')![0]
    expect(await press(link)).toBe(200)
    expect(await sequencesOf(email)).toEqual(['back-spasms active', 'back-spasms stopped', 'opt-in finished'])
  })

  test('lets no mail ask to book again before the address is confirmed', async () => {
    const email = 'stranger@lead.example'
    await submit(email)
    const { id: leadId } = await leadAt(email)
    const wanted = { leadId, sequence: 'rebook', previousEnrollmentId: null, since: new Date(0) }
    expect((await readRebookFacts(service.ctx.db, wanted)).sourceId).toBeNull()
    await press(await linkIn(email))
    expect((await readRebookFacts(service.ctx.db, wanted)).sourceId).toMatch(/^[\da-f-]{36}$/)
  })

  test('enrolls at the times that the clinic has published', async () => {
    const sequence = 'back-spasms'
    const timings = { 'lesson-2': { delayDays: 9, window: officeHours } }
    const { version } = await saveTimingDraft(service.ctx, {
      sequence,
      timings,
      over: null,
      base: 0,
      actor: 'ada',
    })
    await publishTimingDraft(service.ctx, { sequence, version, actor: 'ada' })
    const email = 'later@lead.example'
    await submit(email)
    await press(await linkIn(email))
    const { id } = await leadAt(email)
    const [row] = await service.ctx.db
      .select({ definition: sequenceDefinitions.definition })
      .from(enrollments)
      .innerJoin(sequenceDefinitions, eq(sequenceDefinitions.hash, enrollments.definitionHash))
      .where(and(eq(enrollments.leadId, id), eq(enrollments.sequence, sequence)))
    expect(row!.definition.steps[1]).toMatchObject({ key: 'lesson-2', delayDays: 9 })
  })

  test('asks once for an address, however often and however spelled it comes, and through other forms too', async () => {
    const email = 'bombed@lead.example'
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        submitForm(service, { email: index % 2 ? email : `bombed+${index}@lead.example` }, 'asking'),
      ),
    )
    await settle(service)
    await submit(email, {}, 'plain')
    await submit(email)
    const into = service.sandbox.emails().filter(({ to }) => to.some((one) => one.startsWith('bombed')))
    expect(into.map(({ subject }) => subject)).toEqual([ask])
  })

  test('asks nobody who left the box empty, or whose address no mail can reach', async () => {
    await submit('refused@lead.example', { consent: 'no' })
    expect(await outcomesOf('refused@lead.example')).toEqual(['without-consent'])
    await submit('nobody@gmail.cmo')
    expect(await outcomesOf('nobody@gmail.cmo')).toEqual(['impossible'])
    expect([...subjects('refused@lead.example'), ...subjects('nobody@gmail.cmo')]).toEqual([])
  })

  test('takes no yes from whoever unsubscribed by that mail, nor for a link that was bent', async () => {
    const email = 'leaving@lead.example'
    await submit(email)
    const [mail] = mailsTo(service, email)
    const unsubscribe = /https?:\/\/\S+\/u\/[\w-]+/.exec(mail!.text ?? '')![0]
    await fetch(unsubscribe, { method: 'POST' })
    const link = await linkIn(email)
    expect(await press(link)).toBe(409)
    expect(await press(`${link.slice(0, -2)}AA`)).toBe(404)
    // A token of another purpose is worthless here.
    expect(await press(link.replace(/[^/]+$/, unsubscribe.split('/').at(-1)!))).toBe(404)
    expect(await sequencesOf(email)).toEqual(['opt-in finished'])
    expect(subjects(email)).toEqual([ask])
  })

  test('asks whoever has confirmed no more', async () => {
    const email = 'known@lead.example'
    await submit(email)
    await press(await linkIn(email))
    const { id } = await leadAt(email)
    await service.ctx.db
      .update(enrollments)
      .set({ status: 'finished', endedAt: service.clock.now() })
      .where(eq(enrollments.leadId, id))
    await submit(email)
    // Once is once, and that is what the sequence says.
    expect((await outcomesOf(email)).sort()).toEqual(['enrolled', 'finished'])
    expect(subjects(email)).toHaveLength(2)
  })
})
