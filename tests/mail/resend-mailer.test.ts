import { randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { createResendMailer } from '../../src/mail/resend-mailer.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const closer of closers.splice(0)) await closer()
})

/** A provider that gives one answer to everything, and keeps what came. */
async function startProvider(status: number, answer: string, headers: Record<string, string> = {}) {
  const calls: { headers: IncomingHttpHeaders; body: Buffer }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    calls.push({ headers: request.headers, body: Buffer.concat(chunks) })
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(resolve)
      }),
  )
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    calls,
    baseUrl,
    mailer: createResendMailer({
      apiKey: 're_x',
      baseUrl,
      timeoutMs: 5_000,
      now: () => new Date(),
      awaitTurn: async () => {},
    }),
  }
}

test('an envelope goes out byte for byte and in one piece, its length named, however large', async () => {
  const { calls, mailer } = await startProvider(200, '{"data":[{"id":"one"}]}')
  // More than any socket takes at once, and nothing that an encoder would leave as it is.
  const body = randomBytes(4_000_000)
  expect(await mailer.sendBatch('key-1', body)).toMatchObject({ outcome: 'accepted', ids: ['one'] })
  expect(await mailer.sendBatch('key-1', body)).toMatchObject({ outcome: 'accepted', ids: ['one'] })
  expect(calls).toHaveLength(2)
  for (const call of calls) {
    expect(call.body.equals(body)).toBe(true)
    expect(call.headers).toMatchObject({
      'content-length': '4000000',
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
      'x-batch-validation': 'permissive',
    })
    expect(call.headers).not.toHaveProperty('transfer-encoding')
  }
})

test('memory of an envelope that was answered before all of it went out is read no more', async () => {
  const answer = '{"data":[{"id":"one"}]}'
  const sockets: Socket[] = []
  const received: Buffer[] = []
  const server = createRawServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.once('data', () => {
      // No more is read for now: most of the body still lies in the process that sends it.
      socket.pause()
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`,
      )
      socket.on('data', (chunk) => received.push(chunk))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const mailer = createResendMailer({
    apiKey: 're_x',
    baseUrl,
    timeoutMs: 5_000,
    now: () => new Date(),
    awaitTurn: async () => {},
  })
  // More than the buffers of both ends hold.
  const body = Buffer.alloc(60_000_000, 'a')
  const { outcome } = await mailer.sendBatch('key-1', body)
  // As the next envelope would write over it.
  if (outcome === 'accepted') body.fill('b')
  for (const socket of sockets) socket.resume()
  await sleep(1_000)
  expect(received.length).toBeGreaterThan(0)
  expect(received.some((chunk) => chunk.includes('b'))).toBe(false)
})

test('an envelope is not sent on to where a redirect points: what becomes of it is unknown', async () => {
  const elsewhere = await startProvider(200, '{"data":[{"id":"one"}]}')
  const { calls, mailer } = await startProvider(307, '{}', { location: `${elsewhere.baseUrl}/emails/batch` })
  expect(await mailer.sendBatch('key-1', Buffer.from('[]'))).toMatchObject({ outcome: 'unknown' })
  expect(calls).toHaveLength(1)
  expect(elsewhere.calls).toHaveLength(0)
})

test.each([
  [401, '{"message":"Unauthorized"}', { statusCode: 401, trouble: { reason: 'unnamed 401', until: null } }],
  [
    403,
    '{"statusCode":"403","message":"Forbidden"}',
    { statusCode: 403, trouble: { reason: 'unnamed 403', until: null } },
  ],
  [429, '{"message":"Too Many Requests"}', { statusCode: 429, trouble: null }],
  [503, '[]', { statusCode: 503, trouble: null }],
  // Its own body says another status than the answer has: the answer counts.
  [500, '{"name":"validation_error","statusCode":422}', { statusCode: 500, trouble: null }],
])(
  'an answer of %i that a gateway gave, its body without a status of its own, is known by that status',
  async (status, answer, expected) => {
    const { mailer } = await startProvider(status, answer)
    expect(await mailer.sendBatch('key-1', Buffer.from('[]'))).toMatchObject({
      outcome: 'unknown',
      ...expected,
    })
  },
)

test.each([
  [200, '{"data":[{"id":"one"}]}', { outcome: 'accepted', ids: ['one'] }],
  [202, '{"data":[{"id":"one"}]}', { outcome: 'accepted', ids: ['one'] }],
  [200, '{"data":"queued"}', { outcome: 'unknown' }],
  [202, 'queued', { outcome: 'unknown' }],
])('an answer of %i, %s, is recorded with that status', async (status, answer, expected) => {
  const { mailer } = await startProvider(status, answer)
  expect(await mailer.sendBatch('key-1', Buffer.from('[]'))).toMatchObject({
    ...expected,
    statusCode: status,
    trouble: null,
  })
})
