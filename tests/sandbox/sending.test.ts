import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bench, mail } from './support.ts'

describe('one mail', () => {
  test('is accepted and can be read back through the SDK', async () => {
    const { sandbox, resend } = await bench()
    const sent = await resend.emails.send({
      from: 'Clinic <hello@mail.clinic.example>',
      to: ['pat@people.example', 'delivered+1@resend.dev'],
      replyTo: 'r@clinic.example',
      subject: 'Hello',
      html: '<p>Hi</p>',
      headers: { 'List-Unsubscribe': '<https://go.clinic.example/u/1>' },
      tags: [{ name: 'step', value: 'lesson-1' }],
    })
    expect(sent.error).toBeNull()
    const read = await resend.emails.get(sent.data?.id ?? '')
    expect(read.data).toMatchObject({
      object: 'email',
      id: sent.data?.id,
      to: ['pat@people.example', 'delivered+1@resend.dev'],
      from: 'Clinic <hello@mail.clinic.example>',
      reply_to: ['r@clinic.example'],
      cc: null,
      subject: 'Hello',
      html: '<p>Hi</p>',
      text: null,
      last_event: 'delivered',
    })
    expect(sandbox.emails()[0]).toMatchObject({
      id: sent.data?.id,
      headers: { 'List-Unsubscribe': '<https://go.clinic.example/u/1>' },
      tags: { step: 'lesson-1' },
      messageId: `<${sent.data?.id}@mail.clinic.example>`,
    })
  })

  test('says how much of the quota is used, each recipient counted', async () => {
    const { resend } = await bench()
    await resend.emails.send(mail({ cc: ['a@people.example'], bcc: 'b@people.example' }) as never)
    const { headers } = await resend.emails.send(mail())
    expect(headers).toMatchObject({ 'x-resend-daily-quota': '4', 'x-resend-monthly-quota': '4' })
  })
})

describe('a batch', () => {
  test('strict: ids in the order of the input', async () => {
    const { sandbox, resend } = await bench()
    const subjects = Array.from({ length: 100 }, (_, index) => `Mail ${index}`)
    const { data } = await resend.batch.send(subjects.map((subject) => mail({ subject })) as never)
    const ids = data?.data.map(({ id }) => id)
    expect(sandbox.emails().map(({ id, subject }) => ({ id, subject }))).toEqual(
      subjects.map((subject, index) => ({ id: ids?.[index], subject })),
    )
    expect(data).not.toHaveProperty('errors')
  })

  test('strict: one bad item and nothing is sent', async () => {
    const { sandbox, resend } = await bench()
    const { error } = await resend.batch.send([mail(), mail({ to: 'nobody' })])
    expect(error).toMatchObject({ statusCode: 400, name: 'validation_error' })
    expect(sandbox.emails()).toEqual([])
  })

  test('permissive: the good go, the others are listed, and ids pair by skipping them', async () => {
    const { sandbox, resend } = await bench()
    const items = [
      mail({ subject: '0' }),
      mail({ subject: '1', to: 'pat@example.com' }),
      mail({ subject: '2' }),
      mail({ subject: '' }),
      mail({ subject: '4' }),
    ]
    const { data } = await resend.batch.send(items, { batchValidation: 'permissive' })
    expect(data?.errors?.map(({ index }) => index)).toEqual([1, 3])
    const refused = new Set(data?.errors?.map(({ index }) => index))
    const pairs = items
      .filter((_, index) => !refused.has(index))
      .map((item, at) => [data?.data[at]?.id, item.subject])
    expect(sandbox.emails().map(({ id, subject }) => [id, subject])).toEqual(pairs)
    expect(pairs).toHaveLength(3)
  })

  test('permissive: all bad is still an answer, without ids', async () => {
    const { resend } = await bench()
    const { data, error } = await resend.batch.send([mail({ to: '' })], { batchValidation: 'permissive' })
    expect(error).toBeNull()
    expect(data).toEqual({ data: [], errors: [{ index: 0, message: 'Missing `to` field.' }] })
  })

  test('raw bytes through the SDK’s post arrive as they are', async () => {
    const { sandbox, resend } = await bench()
    // Spaces, an escape and a line break that no encoder would write: a second encoding would show.
    const bytes = Buffer.from(
      `[ ${JSON.stringify(mail()).replace('Hello Pat', 'Hello\\u0020P\\u00e4t')},\n ${JSON.stringify(mail({ subject: 'ü–🙂' }))} ]`,
    )
    const headers = { 'x-batch-validation': 'permissive' }
    const { data } = await resend.post<{ data: { id: string }[] }>('/emails/batch', {}, {
      body: bytes,
      headers,
      idempotencyKey: 'dispatch-1',
    } as never)
    expect(data?.data).toHaveLength(2)
    expect(sandbox.attempts()).toMatchObject([
      {
        bodyHash: createHash('sha256').update(bytes).digest('hex'),
        idempotencyKey: 'dispatch-1',
        items: 2,
        outcome: 200,
        acceptedIds: data?.data.map(({ id }) => id),
        replayed: false,
      },
    ])
    expect(sandbox.emails().map(({ html, subject }) => [html, subject])).toEqual([
      ['<p>Hello Pät</p>', 'What happens at a first visit'],
      ['<p>Hello Pat</p>', 'ü–🙂'],
    ])
  })
})

describe('lists', () => {
  test('the SDK pages through all mail, newest first, in both directions', async () => {
    const { sandbox, resend } = await bench()
    await resend.batch.send(Array.from({ length: 25 }, (_, index) => mail({ subject: `${index}` })) as never)
    const newestFirst = sandbox
      .emails()
      .map(({ id }) => id)
      .reverse()
    const first = await resend.emails.list()
    const second = await resend.emails.list({ after: first.data?.data.at(-1)?.id ?? '' })
    const back = await resend.emails.list({ before: second.data?.data[0]?.id ?? '', limit: 3 })
    const ids = (page: typeof first) => page.data?.data.map(({ id }) => id)
    expect(ids(first)).toEqual(newestFirst.slice(0, 20))
    expect(ids(second)).toEqual(newestFirst.slice(20))
    expect(ids(back)).toEqual(newestFirst.slice(17, 20))
    expect([first, second, back].map((page) => page.data?.has_more)).toEqual([true, false, true])
  })

  test.each(['limit=0', 'limit=101', 'limit=x', 'after=a&before=b', 'after=unknown'])(
    'refuses ?%s',
    async (query) => {
      const { resend } = await bench()
      expect((await resend.get(`/emails?${query}`)).error).toMatchObject({ name: 'validation_error' })
    },
  )

  test('the sandbox’s own list is oldest first, and filters', async () => {
    const { sandbox, resend } = await bench({ now: () => new Date('2026-11-22T10:00:00Z') })
    const to = ['pat@people.example', 'lee@people.example', 'Pat@other.example']
    await resend.batch.send(to.map((address) => mail({ to: address })) as never, { idempotencyKey: 'k' })
    const list = async (query: string) =>
      (await (await fetch(`${sandbox.url}/sandbox/emails${query}`)).json()) as { id: string; to: string[] }[]
    const all = await list('')
    expect(all).toEqual(JSON.parse(JSON.stringify(sandbox.emails())))
    expect(all[0]).toMatchObject({
      acceptedAt: '2026-11-22T10:00:00.000Z',
      idempotencyKey: 'k',
      lastEvent: 'delivered',
      events: [
        { type: 'email.sent', at: '2026-11-22T10:00:00.001Z' },
        { type: 'email.delivered', at: '2026-11-22T10:00:00.002Z' },
      ],
    })
    expect((await list('?to=pat@')).flatMap((email) => email.to)).toEqual([to[0], to[2]])
    expect((await list(`?after=${all[0]?.id}`)).flatMap((email) => email.to)).toEqual([to[1], to[2]])
    expect(await (await fetch(`${sandbox.url}/sandbox/emails/${all[1]?.id}`)).json()).toEqual(all[1])
    expect((await fetch(`${sandbox.url}/sandbox/emails?after=x`)).status).toBe(404)
  })

  test('a list longer than one part of the stream is whole', async () => {
    const { sandbox, resend } = await bench()
    for (let batch = 0; batch < 4; batch += 1)
      await resend.batch.send(Array.from({ length: 100 }, () => mail()) as never)
    const list = (await (await fetch(`${sandbox.url}/sandbox/emails`)).json()) as { id: string }[]
    expect(list.map(({ id }) => id)).toEqual(sandbox.emails().map(({ id }) => id))
    await fetch(`${sandbox.url}/sandbox/emails`, { method: 'DELETE' })
    expect(await (await fetch(`${sandbox.url}/sandbox/emails`)).json()).toEqual([])
    expect(sandbox.attempts()).toHaveLength(4)
  })

  test('only the newest keep their content', async () => {
    const { sandbox, resend } = await bench({ keep: 2 })
    await resend.batch.send([1, 2, 3].map((n) => mail({ subject: `${n}` })) as never, { idempotencyKey: 'k' })
    expect(sandbox.emails().map(({ html, trimmed }) => [html, trimmed])).toEqual([
      [null, true],
      ['<p>Hello Pat</p>', false],
      ['<p>Hello Pat</p>', false],
    ])
    expect(sandbox.emails()[0]).toMatchObject({
      to: ['pat@people.example'],
      idempotencyKey: 'k',
      subject: '1',
    })
  })
})
