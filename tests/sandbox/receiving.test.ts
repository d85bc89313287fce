import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bench, mail, receiver, secret } from './support.ts'

const incoming = {
  from: 'pat@people.example',
  to: ['r+1@reply.clinic.example'],
  subject: 'Re: Hello',
  text: 'Thank you',
  headers: { 'in-reply-to': '<a@b.example>' },
  attachments: [{ filename: 'a.pdf', contentType: 'application/pdf' }],
}

test('a mail that comes in is reported without its words, and read with them', async () => {
  const { url, received } = await receiver()
  const { sandbox, resend } = await bench({ webhook: { url, secret } })
  const { id } = sandbox.receive(incoming)
  await sandbox.settle()
  expect(received).toHaveLength(1)
  const { type, data } = received[0]!.event as unknown as { type: string; data: Record<string, unknown> }
  expect(type).toBe('email.received')
  expect(data).toMatchObject({
    email_id: id,
    from: incoming.from,
    to: incoming.to,
    received_for: incoming.to,
    subject: incoming.subject,
    attachments: [{ filename: 'a.pdf', content_type: 'application/pdf' }],
  })
  expect(JSON.stringify(data)).not.toMatch(/Thank you|in-reply-to/)
  const { data: read, error } = await resend.emails.receiving.get(id)
  expect(error).toBeNull()
  expect(read).toMatchObject({
    object: 'email',
    id,
    text: 'Thank you',
    html: null,
    message_id: data.message_id,
    headers: { 'in-reply-to': '<a@b.example>', 'message-id': data.message_id },
    authentication: { dmarc: 'pass' },
  })
  const list = await resend.emails.receiving.list()
  expect(list.data).toMatchObject({ object: 'list', has_more: false, data: [{ id }] })
  expect(JSON.stringify(list.data)).not.toContain('Thank you')
})

test('one that is not there, no key, and another verb are refused as elsewhere', async () => {
  const { sandbox, resend } = await bench()
  expect((await resend.emails.receiving.get('no-such')).error).toMatchObject({ name: 'not_found' })
  const { id } = sandbox.receive(incoming)
  expect((await fetch(`${sandbox.url}/emails/receiving/${id}`)).status).toBe(401)
  const headers = { authorization: 'Bearer re_test' }
  for (const path of ['receiving', `receiving/${id}`])
    expect((await fetch(`${sandbox.url}/emails/${path}`, { method: 'POST', headers })).status).toBe(405)
})

test('it outlives a restart, and goes with the inbox', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'nurture-sandbox-')), 'journal')
  const first = await bench({ file })
  const { id } = first.sandbox.receive(incoming)
  await first.sandbox.close()
  const second = await bench({ file })
  expect((await second.resend.emails.receiving.get(id)).data).toMatchObject({ id, text: 'Thank you' })
  await fetch(`${second.sandbox.url}/sandbox/emails`, { method: 'DELETE' })
  expect((await second.resend.emails.receiving.get(id)).error).toMatchObject({ name: 'not_found' })
})

test("the reply form answers a mail as its reader would, and no other site's form does", async () => {
  const { url, received } = await receiver()
  const { sandbox, resend } = await bench({ webhook: { url, secret } })
  const replyTo = 'Clinic <r+2@reply.clinic.example>'
  const sent = await resend.emails.send(mail({ replyTo }))
  const page = `${sandbox.url}/sandbox/emails/${sent.data!.id}`
  const hostile = '<script>alert(1)</script>'
  const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${page}/reply`, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' })
  const answer = await post({ text: hostile })
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    `/sandbox/emails/${sent.data!.id}/view?tab=reply`,
  ])
  await post({ text: 'I am away', automatic: 'yes' })
  expect((await post({ text: 'from elsewhere' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  await sandbox.settle()
  const came = received.filter(({ event }) => (event.type as string) === 'email.received')
  expect(came).toHaveLength(2)
  const { messageId } = sandbox.emails()[0]!
  const reads = await Promise.all(came.map(({ event }) => resend.emails.receiving.get(event.data.email_id)))
  expect(reads.map(({ data }) => data)).toMatchObject([
    {
      from: 'pat@people.example',
      to: ['r+2@reply.clinic.example'],
      subject: 'Re: What happens at a first visit',
      headers: { 'in-reply-to': messageId, references: messageId },
      text: hostile,
    },
    { headers: { 'auto-submitted': 'auto-replied' } },
  ])
  expect(reads[0]!.data!.headers).not.toHaveProperty('auto-submitted')
  const shown = await (await fetch(`${page}/view?tab=reply`)).text()
  expect(shown).toContain('&lt;script&gt;')
  expect(shown).not.toContain(hostile)
  expect(shown).toContain('I am away')
  expect((await fetch(`${sandbox.url}/sandbox/emails/none/reply`, { method: 'POST' })).status).toBe(404)
})
