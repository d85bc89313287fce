import { afterEach, beforeEach, expect, test } from 'vitest'
import { eq } from 'drizzle-orm'
import { consents, deliveries, dispatches } from '../../drizzle/schema/index.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { readMail } from '../../src/actions/read-mail.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { unpackEnvelope } from '../../src/store/envelope-codec.ts'
import { addressOf, createEngine, type Engine } from './engine.ts'

let engine: Engine
beforeEach(async () => {
  engine = await createEngine()
})
afterEach(() => engine.stop())

/** The mail of the lead with that number. */
async function mailOf(number: number) {
  const lead = (await engine.leads())[number]!
  const delivery = (await engine.deliveries()).find(({ leadId }) => leadId === lead.id)!
  return readMail(engine.ctx, { leadId: lead.id, deliveryId: delivery.id })
}

test('a mail that was sent is kept word for word, with no link that still acts', async () => {
  await engine.enroll(3, { first_name: 'null' })
  await engine.beat()
  const mail = await mailOf(1)
  const sent = engine.sandbox.emails().find(({ to }) => to[0] === addressOf(1))!
  expect(mail).toMatchObject({ copy: 'kept', to: addressOf(1), subject: sent.subject, from: sent.from })
  const tokens = [...sent.html!.matchAll(/\/(?:u|call|book)\/([\w-]{43})/g)].map(([, token]) => token!)
  expect(tokens.length).toBeGreaterThan(1)
  for (const token of tokens) expect(mail.html + mail.text).not.toContain(token)
  const withoutTokens = (html: string) => html.replace(/(?<=[/=])(?:[\w-]{43}|-)(?=["&?#])/g, '')
  expect(withoutTokens(mail.html)).toBe(withoutTokens(sent.html!))
})

test('one that waits is shown as it would be today', async () => {
  await engine.enroll(1, { first_name: 'Quinn' })
  const mail = await mailOf(0)
  expect(mail).toMatchObject({ copy: 'today', to: addressOf(0) })
  expect(mail.html).toContain('Quinn')
})

test('nobody reads a mail under the name of another lead', async () => {
  await engine.enroll(2)
  const [lead] = await engine.leads()
  const other = (await engine.deliveries()).find(({ leadId }) => leadId !== lead!.id)!
  await expect(readMail(engine.ctx, { leadId: lead!.id, deliveryId: other.id })).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('erasing one lead takes its mail out of the envelope, and leaves the others theirs', async () => {
  await engine.enroll(3)
  await engine.beat()
  const before = await mailOf(2)
  await eraseLead(engine.ctx, { email: addressOf(1), actor: 'test' })
  await expect(mailOf(1)).rejects.toMatchObject({ code: 'not-found' })
  expect(await mailOf(2)).toEqual(before)
  expect(await mailOf(0)).toMatchObject({ copy: 'kept', to: addressOf(0) })
  const [kept] = await engine.ctx.db.select({ body: dispatches.body }).from(dispatches)
  expect((await unpackEnvelope(kept!.body!)).toString()).not.toContain(addressOf(1))
})

test('erasing finds the mail in an envelope that its delivery has left, and who agreed to what', async () => {
  await engine.enroll(2, { page_url: 'https://clinic.example/contact?who=me' })
  await engine.beat()
  const lead = (await engine.leads())[1]!
  const proof = async () =>
    (await engine.ctx.db.select().from(consents).where(eq(consents.leadId, lead.id))).map(
      ({ pageUrl, basis }) => [pageUrl, basis],
    )
  expect(await proof()).toEqual([['https://clinic.example/contact?who=me', 'ticked']])
  // As a person leaves it who lets a refused mail go again.
  await engine.ctx.db.update(deliveries).set({ dispatchId: null }).where(eq(deliveries.leadId, lead.id))
  await eraseLead(engine.ctx, { email: addressOf(1), actor: 'test' })
  const [kept] = await engine.ctx.db.select({ body: dispatches.body }).from(dispatches)
  const body = (await unpackEnvelope(kept!.body!)).toString()
  expect(body).toContain(addressOf(0))
  expect(body).not.toContain(addressOf(1))
  expect(await proof()).toEqual([[null, 'ticked']])
})

test('after the time for which mails are kept, they go', async () => {
  await engine.enroll(1)
  await engine.beat()
  engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 89 * 86_400_000))
  await runTick(engine.ctx)
  expect((await mailOf(0)).copy).toBe('kept')
  engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 2 * 86_400_000))
  await engine.ctx.db.execute(`delete from settings where key = 'clear-mails'`)
  await runTick(engine.ctx)
  expect((await mailOf(0)).copy).toBe('today')
})
