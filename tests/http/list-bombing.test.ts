import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isNotNull } from 'drizzle-orm'
import { enrollments, leads } from '../../drizzle/schema/index.ts'
import { foldedEmailKey } from '../../src/core/email-address.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { submitForm } from '../support/forms.ts'
import { mailsTo, newWhsec, json, send, settle, signers, storyOf } from './support.ts'

let service: TestService
const forms = ['form-a', 'form-b', 'form-c']
beforeAll(async () => {
  service = await createTestService()
  for (const slug of forms) await service.addSource({ slug })
})
afterAll(() => service?.stop())

/** Mails that reached the mailbox, whichever way its address was written. */
const mailsInto = (mailbox: string) =>
  service.sandbox.emails().filter(({ to }) => to.some((one) => foldedEmailKey(one) === mailbox))

const post = async (email: string, index: number) => {
  const answer = await submitForm(
    service,
    { email, first_name: `Someone ${index}`, submission_id: randomUUID() },
    forms[index % forms.length],
  )
  expect(answer.status).toBe(200)
}

const gmail = (index: number) =>
  [
    'victim.name@gmail.com',
    `victim.name+${index}@gmail.com`,
    'V.I.C.T.I.M.name@GMAIL.com',
    'victimname@googlemail.com',
    `VictimName+${index}@gmail.com`,
  ][index % 5]!
const other = (index: number) =>
  ['victim@lead.example', `victim+${index}@lead.example`, 'VICTIM@Lead.Example', 'Victim+x@lead.example'][
    index % 4
  ]!

test.each([
  ['victimname@gmail.com', gmail],
  ['victim@lead.example', other],
])('two hundred forms through three sources for one mailbox: one mail into %s', async (mailbox, variant) => {
  const numbers = Array.from({ length: 200 }, (_, index) => index)
  for (let start = 0; start < 200; start += 40) {
    await Promise.all(numbers.slice(start, start + 40).map((index) => post(variant(index), index)))
    await settle(service)
  }
  expect(mailsInto(mailbox)).toHaveLength(1)
  const known = (await service.ctx.db.select().from(leads)).filter(({ foldedKey }) => foldedKey === mailbox)
  expect(known).toHaveLength(1)
  const [lead] = known
  // One lead with all its captures, mailed where it first asked to be.
  const story = await storyOf(service, lead!.email!)
  expect([story.captures.length, story.enrollments.length]).toEqual([200, 1])
  expect(mailsInto(mailbox)[0]!.to).toEqual([lead!.email])
})

test('also once the sequence is over, and after an unsubscribe', async () => {
  for (const end of ['finished', 'unsubscribed'] as const) {
    const email = `${end}@lead.example`
    await post(email, 0)
    await settle(service)
    if (end === 'finished')
      await service.ctx.db
        .update(enrollments)
        .set({ status: 'finished', endedAt: service.clock.now() })
        .where(isNotNull(enrollments.id))
    else {
      const link = /<([^>]+)>/.exec(mailsInto(email)[0]!.headers['List-Unsubscribe']!)![1]!
      expect((await fetch(link, { method: 'POST' })).status).toBe(200)
    }
    for (let index = 0; index < 12; index++)
      await post(index % 2 ? `${end}+${index}@lead.example` : email.toUpperCase(), index)
    await settle(service)
    expect([end, mailsInto(email).length]).toEqual([end, 1])
  }
})

test('a verified source still tells two tags apart, and a public form then mails neither again', async () => {
  const secret = newWhsec()
  await service.addSource({ slug: 'tool', adapter: 'standard-webhooks', secrets: [secret] })
  for (const email of ['pair+a@lead.example', 'pair+b@lead.example']) {
    const body = JSON.stringify({ data: { email } })
    const headers = { 'content-type': json, ...signers['standard-webhooks'](body, secret, new Date()) }
    expect((await send(service, '/hooks/leads/tool', { headers, body })).status).toBe(200)
  }
  await settle(service)
  expect(mailsInto('pair@lead.example')).toHaveLength(2)
  for (const email of ['pair@lead.example', 'pair+a@lead.example', 'pair+c@lead.example'])
    await post(email, 0)
  await settle(service)
  expect(mailsInto('pair@lead.example')).toHaveLength(2)
  expect(mailsTo(service, 'pair+c')).toEqual([])
})
