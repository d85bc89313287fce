import { createHmac, randomUUID } from 'node:crypto'

/** What a form on a clinic's site sends: seven answers, where it was, and where the person came from. */
export const formBody = (email: string): string =>
  JSON.stringify({
    type: 'form.submitted',
    timestamp: '2026-03-04T15:00:00Z',
    data: {
      form_id: 'contact',
      email,
      first_name: 'Pat',
      last_name: 'Lee',
      phone: '(610) 555-0111',
      zip: '19010',
      message: 'My lower back locks up when I get out of the car, for three weeks now.',
      consent: 'yes',
      consent_text_version: '2026-01',
      page_url: 'https://clinic.example/contact?utm_source=google&utm_medium=cpc',
      utm_source: 'google',
      utm_medium: 'cpc',
    },
  })

/** One signed request, ready for the wire. */
export function signedRequest(path: string, secret: string, email: string): Buffer {
  const body = formBody(email)
  const id = `msg_${randomUUID()}`
  const time = Math.floor(Date.now() / 1_000)
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
  return Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      'host: 127.0.0.1',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `webhook-id: ${id}`,
      `webhook-timestamp: ${time}`,
      `webhook-signature: v1,${signature}`,
      '',
      body,
    ].join('\r\n'),
  )
}
