import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { formCounts } from '../../drizzle/schema/index.ts'
import { openService } from '../../src/cli/wire.ts'
import { createApp } from '../../src/http/app.ts'
import { connectionOf } from '../../src/http/client-address.ts'
import { listen } from '../../src/http/server.ts'
import { findSource } from '../../src/store/sources.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { submitForm } from '../support/forms.ts'
import { capturesOf, expectProblem, mailsTo, send, settle, urlencoded } from './support.ts'

let service: TestService

async function open(env: Record<string, string>): Promise<void> {
  service = await createTestService({ env })
  onTestFinished(() => service.stop())
  await service.addSource({})
}

let people = 0
const newAddress = () => `visitor-${++people}@lead.example`

const from = (forwarded: string, email = newAddress()) =>
  send(service, '/hooks/leads/website', {
    headers: { 'content-type': urlencoded, 'x-forwarded-for': forwarded },
    body: new URLSearchParams({ email, submission_id: randomUUID() }).toString(),
  })

const statuses = async (answers: Promise<Response>[]) =>
  (await Promise.all(answers)).map(({ status }) => status).sort()

test('from one connection: so many a minute, then 429 with when to come again, and nothing kept', async () => {
  await open({ FORM_LIMIT_IP_MINUTE: '3' })
  expect(await statuses([1, 2, 3, 4, 5].map(() => submitForm(service, { email: newAddress() })))).toEqual([
    200, 200, 200, 429, 429,
  ])
  const answer = await submitForm(service, { email: newAddress() })
  const wait = Number(answer.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  const { detail } = await expectProblem(answer, 429, 'too-many')
  expect(detail).toContain(service.ctx.config.brand.phone)
  const source = (await findSource(service.ctx.db, 'website'))!
  expect(await capturesOf(service, source)).toHaveLength(3)
  expect(source.refusedCount).toBe(3)
})

test('a person sees a page that says when to come again, with the number to call', async () => {
  await open({ FORM_LIMIT_IP_MINUTE: '1' })
  await submitForm(service, { email: newAddress() })
  const answer = await send(service, '/hooks/leads/website', {
    headers: { accept: 'text/html', 'content-type': urlencoded },
    body: new URLSearchParams({ email: newAddress() }).toString(),
  })
  const page = await answer.text()
  expect([answer.status, answer.headers.has('retry-after')]).toEqual([429, true])
  for (const words of [
    'a little later',
    'Send it again in a minute',
    `tel:${service.ctx.config.brand.phone}`,
  ])
    expect(page).toContain(words)
})

test('a stretch ends: the database clock says so, and what ended is swept away', async () => {
  await open({ FORM_LIMIT_IP_MINUTE: '1' })
  expect((await submitForm(service, { email: newAddress() })).status).toBe(200)
  expect((await submitForm(service, { email: newAddress() })).status).toBe(429)
  await service.ctx.db.execute(sql`update ${formCounts} set ends_at = clock_timestamp() - interval '1 ms'`)
  await service.ctx.db.execute(
    sql`insert into ${formCounts} values ('\\x01', 1, clock_timestamp() - interval '1 s')`,
  )
  expect((await submitForm(service, { email: newAddress() })).status).toBe(200)
  expect(await service.ctx.db.select({ count: formCounts.count }).from(formCounts)).toEqual([{ count: 1 }])
})

test('for one address, however it is written and wherever it comes from', async () => {
  await open({ FORM_LIMIT_ADDRESS_HOUR: '2', TRUSTED_PROXIES: '1' })
  const forms = ['Pat.Lee@gmail.com', 'patlee+1@gmail.com', 'pat.lee@googlemail.com', 'PATLEE@gmail.com']
  expect(await statuses(forms.map((email, index) => from(`198.51.100.${index}`, email)))).toEqual([
    200, 200, 429, 429,
  ])
  expect((await from('198.51.100.9', 'other@gmail.com')).status).toBe(200)
})

test('a limit holds over two processes on one database', async () => {
  await open({ FORM_LIMIT_IP_MINUTE: '4' })
  const { config, log } = service.ctx
  const other = await openService(
    { config, log, databaseUrl: service.databaseUrl, resendUrl: service.sandbox.url },
    { clock: service.clock },
  )
  const server = await listen(createApp(other.ctx), '127.0.0.1', 0)
  try {
    const second = { baseUrl: `http://127.0.0.1:${server.port}` }
    const sent = Array.from({ length: 12 }, (_, index) =>
      submitForm(index % 2 ? service : second, { email: newAddress() }),
    )
    expect((await statuses(sent)).filter((status) => status === 200)).toHaveLength(4)
  } finally {
    await server.close()
    await other.close()
  }
})

test('nothing says who it was', async () => {
  await open({ FORM_LIMIT_IP_MINUTE: '9', FORM_LIMIT_ADDRESS_HOUR: '9' })
  await submitForm(service, { email: 'quintessa@lead.example' })
  const rows = await service.ctx.db.select().from(formCounts)
  expect(rows).toHaveLength(2)
  for (const { key } of rows) {
    expect(key).toHaveLength(32)
    for (const clear of ['127.0.0.1', 'quintessa', 'lead.example']) expect(key.includes(clear)).toBe(false)
  }
})

describe('behind proxies', () => {
  test('of ours: what the last of them saw counts, whatever the visitor wrote before', async () => {
    await open({ FORM_LIMIT_IP_MINUTE: '1', TRUSTED_PROXIES: '1' })
    expect((await from('198.51.100.1')).status).toBe(200)
    expect((await from('198.51.100.2')).status).toBe(200)
    expect((await from('203.0.113.7, 198.51.100.1')).status).toBe(429)
  })

  test('two of them', async () => {
    await open({ FORM_LIMIT_IP_MINUTE: '1', TRUSTED_PROXIES: '2' })
    expect((await from('203.0.113.7, 198.51.100.1, 10.0.0.1')).status).toBe(200)
    expect((await from('203.0.113.8, 198.51.100.1, 10.0.0.2')).status).toBe(429)
  })

  test('nobody is believed unless told to', async () => {
    await open({ FORM_LIMIT_IP_MINUTE: '1' })
    expect((await from('198.51.100.1')).status).toBe(200)
    expect((await from('198.51.100.2')).status).toBe(429)
  })
})

test('suspected bots do not use up what a person has left', async () => {
  await open({ FORM_LIMIT_ADDRESS_HOUR: '1' })
  const email = newAddress()
  for (let time = 0; time < 3; time++)
    expect((await submitForm(service, { email, website: 'x' })).status).toBe(200)
  expect((await submitForm(service, { email })).status).toBe(200)
  await settle(service)
  expect(mailsTo(service, email)).toHaveLength(1)
})

test.each([
  ['198.51.100.1', '198.51.100.1'],
  ['::ffff:198.51.100.1', '198.51.100.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', null],
  ['', null],
])('the connection of %j', (address, connection) => {
  expect(connectionOf(address)).toBe(connection)
})
