import { request } from 'node:http'
import { Resend } from 'resend'
import { describe, expect, test } from 'vitest'
import { bench, mail } from './support.ts'

const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@people.example`)
const tags = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `t${index}`, value: 'v' }))

describe('who may come in', () => {
  const post = (url: string, headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
      const call = request(`${url}/emails`, { method: 'POST', headers }, (response) => {
        let text = ''
        response.on('data', (part: Buffer) => (text += part.toString()))
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }))
      })
      call.on('error', reject)
      call.end(JSON.stringify(mail()))
    })

  test.each([
    [{ 'user-agent': 'x' }, 401, 'missing_api_key'],
    [{ 'user-agent': 'x', authorization: 'Bearer sk_1' }, 403, 'invalid_api_key'],
    [{ 'user-agent': 'x', authorization: 're_test' }, 403, 'invalid_api_key'],
    [{ authorization: 'Bearer re_test' }, 403, 'application_error'],
  ])('%j is refused with %i %s', async (headers, status, name) => {
    const { sandbox } = await bench()
    const answer = await post(sandbox.url, headers as Record<string, string>)
    expect(answer).toMatchObject({ status, body: { statusCode: status, name, message: expect.any(String) } })
    expect(sandbox.emails()).toEqual([])
    expect(sandbox.attempts()).toMatchObject([{ outcome: status, error: name, items: 1 }])
  })

  test('with a key set, no other key is taken', async () => {
    const { sandbox, resend } = await bench({ apiKey: 're_right' })
    expect((await resend.emails.send(mail())).error?.name).toBe('invalid_api_key')
    expect((await resend.emails.get('x')).error?.name).toBe('invalid_api_key')
    const right = new Resend('re_right', { baseUrl: sandbox.url })
    expect((await right.emails.send(mail())).error).toBeNull()
  })
})

describe('what is wrong with a mail', () => {
  test.each([
    ['no from', { from: undefined }, 422, 'missing_required_field'],
    ['no to', { to: [] }, 422, 'missing_required_field'],
    ['no subject', { subject: undefined }, 422, 'missing_required_field'],
    ['no content', { html: undefined, text: undefined }, 422, 'missing_required_field'],
    ['a from that is no mailbox', { from: 'Clinic' }, 400, 'validation_error'],
    ['a line break in from', { from: 'A\r\nBcc: x@y.example <a@clinic.example>' }, 400, 'validation_error'],
    ['a bad to', { to: 'pat@localhost' }, 400, 'validation_error'],
    ['a bad reply_to', { replyTo: 'x' }, 400, 'validation_error'],
    ['51 recipients', { to: many(51) }, 400, 'validation_error'],
    ['a test domain', { to: 'pat@example.com' }, 422, 'validation_error'],
    ['a test domain under a name', { to: 'Pat <pat@TEST.com>' }, 422, 'validation_error'],
    ['a test domain in cc', { cc: 'pat@mail.example.org' }, 422, 'validation_error'],
    ['a space in a tag', { tags: [{ name: 'step', value: 'lesson 1' }] }, 400, 'validation_error'],
    ['an empty tag', { tags: [{ name: 'step', value: '' }] }, 400, 'validation_error'],
    ['a long tag', { tags: [{ name: 'step', value: 'x'.repeat(257) }] }, 400, 'validation_error'],
    ['76 tags', { tags: tags(76) }, 400, 'validation_error'],
    ['a line break in a header', { headers: { 'X-A': 'a\r\nb' } }, 400, 'validation_error'],
    ['html that is no text', { html: 5 }, 400, 'validation_error'],
  ])('%s', async (_, changes, statusCode, name) => {
    const { sandbox, resend } = await bench()
    const { error } = await resend.emails.send(mail(changes) as never)
    expect(error).toMatchObject({ statusCode, name })
    expect(sandbox.emails()).toEqual([])
  })

  test.each([
    ['50 recipients', { to: many(50) }],
    ['75 tags', { tags: tags(75) }],
    ['a tag of 256 characters', { tags: [{ name: 'A-z_0', value: 'x'.repeat(256) }] }],
    ['a domain that only ends alike', { to: 'pat@myexample.com' }],
    ['a reserved ending', { to: 'pat@people.example' }],
    ['text alone', { html: undefined }],
    ['an attachment', { attachments: [{ filename: 'a.txt', content: 'YQ==' }] }],
  ])('%s passes', async (_, changes) => {
    const { resend } = await bench()
    expect((await resend.emails.send(mail(changes) as never)).error).toBeNull()
  })
})

describe('what is wrong with a batch', () => {
  const items = (count: number) => Array.from({ length: count }, () => mail())
  test.each([
    ['none', []],
    ['101', items(101)],
    ['an attachment', [mail({ attachments: [{ filename: 'a.txt', content: 'YQ==' }] })]],
    ['no object', [null]],
    ['no array', mail()],
  ])('%s', async (_, body) => {
    const { sandbox, resend } = await bench()
    const { error } = await resend.post('/emails/batch', body)
    expect(error).toMatchObject({ statusCode: 400, name: 'validation_error' })
    expect(sandbox.emails()).toEqual([])
  })

  test.each(['', '{', '[1,', '\ufeff[]'])('a body that is no JSON: %j', async (body) => {
    const { sandbox, resend } = await bench()
    const { error } = await resend.post('/emails/batch', {}, { body } as never)
    expect(error).toMatchObject({ statusCode: 400, name: 'validation_error' })
    expect(sandbox.attempts()).toMatchObject([{ items: 0, outcome: 400 }])
  })

  test('a validation mode nobody knows', async () => {
    const { resend } = await bench()
    const { error } = await resend.batch.send([mail()], { batchValidation: 'lax' as never })
    expect(error).toMatchObject({ statusCode: 400, name: 'validation_error' })
  })
})

describe('where nothing is', () => {
  test('unknown paths, ids and verbs answer in Resend’s form', async () => {
    const { resend } = await bench()
    expect((await resend.get('/nowhere')).error).toMatchObject({ statusCode: 404, name: 'not_found' })
    expect((await resend.emails.get('5f0c')).error).toMatchObject({ statusCode: 404, name: 'not_found' })
    for (const path of ['/emails', '/emails/batch', '/emails/5f0c'])
      expect((await resend.put(path, {})).error).toMatchObject({
        statusCode: 405,
        name: 'method_not_allowed',
      })
    expect((await resend.get('/emails/batch')).error).toMatchObject({ statusCode: 405 })
  })
})

describe('limits', () => {
  test('ten requests a second, with the headers that say so', async () => {
    const { sandbox, resend } = await bench({ requestsPerSecond: 10 })
    const answers = await Promise.all(Array.from({ length: 12 }, () => resend.emails.send(mail())))
    const refused = answers.filter(({ error }) => error)
    expect(refused).toHaveLength(2)
    expect(refused[0]?.error).toMatchObject({ statusCode: 429, name: 'rate_limit_exceeded' })
    expect(refused[0]?.headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-limit': '10',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '1',
    })
    const left = answers
      .filter(({ error }) => !error)
      .map(({ headers }) => Number(headers?.['ratelimit-remaining']))
    expect(left.sort((a, b) => b - a)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    expect(sandbox.emails()).toHaveLength(10)
    await new Promise((resolve) => setTimeout(resolve, 1050))
    expect((await resend.emails.send(mail())).error).toBeNull()
  })

  test('a daily quota ends at UTC midnight, a monthly one does not', async () => {
    let now = new Date('2026-11-22T23:59:00Z')
    const { resend } = await bench({ dailyQuota: 2, monthlyQuota: 3, now: () => now })
    const name = async () => (await resend.emails.send(mail())).error?.name
    expect([await name(), await name(), await name()]).toEqual([undefined, undefined, 'daily_quota_exceeded'])
    now = new Date('2026-11-23T00:00:00Z')
    expect([await name(), await name()]).toEqual([undefined, 'monthly_quota_exceeded'])
    now = new Date('2026-12-01T00:00:00Z')
    expect(await name()).toBeUndefined()
  })
})
