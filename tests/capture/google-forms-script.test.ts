import { createHmac } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { leads } from '../../drizzle/schema/index.ts'
import { addSource } from '../../src/actions/add-source.ts'
import { googleFormsScript } from '../../src/capture/google-forms-script.ts'
import { createTestService, type TestService } from '../support/service.ts'

let service: TestService | null = null
afterEach(async () => {
  await service?.stop()
  service = null
})

type Request = { method: string; contentType: string; payload: string; headers: Record<string, string> }

/** Bytes as Apps Script has them: from -128 to 127. */
const signed = (bytes: Uint8Array) => [...new Int8Array(bytes)]
const bytesOf = (values: readonly number[]) => Buffer.from(Int8Array.from(values).buffer)

/** Runs the script's function as Google does when a form is sent; each post is answered with the next of `answers`. */
function send(
  script: string,
  answers: readonly (number | string)[],
): { requests: Request[]; pauses: number[] } {
  const requests: Request[] = []
  const pauses: number[] = []
  const globals = {
    Utilities: {
      base64Decode: (text: string) => signed(Buffer.from(text, 'base64')),
      base64Encode: (values: number[]) => bytesOf(values).toString('base64'),
      newBlob: (text: string) => ({ getBytes: () => signed(Buffer.from(text)) }),
      computeHmacSha256Signature: (value: number[], key: number[]) =>
        signed(createHmac('sha256', bytesOf(key)).update(bytesOf(value)).digest()),
      sleep: (ms: number) => void pauses.push(ms),
    },
    UrlFetchApp: {
      fetch(_address: string, request: Request) {
        const answer = answers[requests.push(request) - 1]!
        if (typeof answer === 'string') throw new Error(answer)
        return { getResponseCode: () => answer }
      },
    },
    event: {
      response: {
        getId: () => '2_ABaOnu',
        getRespondentEmail: () => '',
        getTimestamp: () => new Date('2026-11-22T10:01:30Z'),
        getItemResponses: () =>
          [
            ['Your email', 'pat@lead.example'],
            ['First name', 'Zoë'],
            ['What do you like?', ['Running', 'Golf']],
          ].map(([title, answer]) => ({
            getItem: () => ({ getTitle: () => title }),
            getResponse: () => answer,
          })),
      },
    },
  }
  runInNewContext(`${script}\nsendLead(event)`, globals)
  return { requests, pauses }
}

test('the script for Google Forms sends what the service takes for a signed lead', async () => {
  service = await createTestService({})
  const source = await addSource(service.ctx, {
    adapter: 'google-forms',
    name: 'Contact form',
    sequence: 'back-spasms',
    topical: false,
    thankYouUrl: null,
    origins: [],
    proofOfWork: false,
    secret: null,
    actor: 'test',
  })
  const address = `${service.baseUrl}/hooks/leads/${source.slug}`
  const [request] = send(googleFormsScript(address, source.secrets[0]!), [200]).requests
  const answer = await fetch(address, {
    method: request!.method,
    headers: { ...request!.headers, 'content-type': request!.contentType },
    body: request!.payload,
  })
  expect(answer.status).toBe(200)
  const [lead] = await service.ctx.db.select().from(leads)
  expect(lead).toMatchObject({ email: 'pat@lead.example', firstName: 'Zoë' })
})

test('it tries again while nobody takes the lead, under one id, and says so in the end', () => {
  const script = googleFormsScript('https://nurture.example/hooks/leads/x', `whsec_${'A'.repeat(32)}`)
  const { requests, pauses } = send(script, ['Address unavailable', 503, 200])
  expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['msg_2_ABaOnu']))
  expect(pauses).toEqual([1_000, 2_000])
  expect(() => send(script, [401])).toThrow('The lead was not taken: 401')
  expect(() => send(script, [503, 503, 503, 503, 503, 503])).toThrow('The lead was not taken: 503')
})
