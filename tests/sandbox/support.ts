import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Resend, type WebhookEventPayload } from 'resend'
import { onTestFinished } from 'vitest'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/mail/sandbox/sandbox.ts'

export const secret = 'whsec_Y2xpbmljLWRlbW8tc2lnbmluZy1rZXktMDAwMDAwMDE='

/** A sandbox and the real SDK pointed at it; without a rate limit unless the test wants one. */
export async function bench(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; resend: Resend }> {
  const sandbox = await startSandbox({ requestsPerSecond: 0, ...options })
  onTestFinished(() => sandbox.close())
  return { sandbox, resend: new Resend('re_test', { baseUrl: sandbox.url }) }
}

export const mail = (changes: Record<string, unknown> = {}) => ({
  from: 'Clinic <hello@mail.clinic.example>',
  to: 'pat@people.example',
  subject: 'What happens at a first visit',
  html: '<p>Hello Pat</p>',
  text: 'Hello Pat',
  ...changes,
})

export type Received = {
  id: string
  status: number
  event: WebhookEventPayload & { data: { email_id: string } }
}

/** An endpoint that checks every event with the SDK, and answers what `answer` says. */
export async function receiver(answer: (count: number) => number = () => 200) {
  const resend = new Resend('re_test')
  const received: Received[] = []
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const header = (name: string) => String(request.headers[name])
      const event = resend.webhooks.verify({
        payload: Buffer.concat(parts).toString(),
        headers: {
          id: header('svix-id'),
          timestamp: header('svix-timestamp'),
          signature: header('svix-signature'),
        },
        webhookSecret: secret,
      })
      const status = answer(received.length)
      received.push({ id: header('svix-id'), status, event: event as Received['event'] })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/resend`, received }
}

export const types = (received: readonly Received[]) => received.map(({ event }) => event.type)
