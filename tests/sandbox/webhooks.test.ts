import { describe, expect, test } from 'vitest'
import { WebhookQueue } from '../../src/mail/sandbox/webhook-queue.ts'
import { signature, signingKey } from '../../src/mail/sandbox/webhook-signature.ts'
import { bench, mail, receiver, secret, types } from './support.ts'

describe('signatures', () => {
  test('match the reference’s vector', () => {
    const body =
      '{"type":"email.delivered","created_at":"2026-01-01T00:00:00.000Z","data":{"email_id":"e-1"}}'
    expect(signature(signingKey(secret), 'msg_demo0001', 1767225600, body)).toBe(
      'v1,v4RTb1P/y/yw3HNP9W/0bhy2NrwH6eVOYHQoVCUjemo=',
    )
  })

  test('a secret that is none is refused at once', async () => {
    const { sandbox } = await bench()
    for (const wrong of ['', 'whsec_', 'Y2xpbmlj'])
      expect(() => sandbox.setWebhook({ url: 'http://127.0.0.1:1', secret: wrong })).toThrow('whsec_')
  })
})

describe('events', () => {
  test('sent, then delivered, worded as Resend words them and verified by the SDK', async () => {
    const hook = await receiver()
    const now = new Date('2027-03-01T09:00:00Z')
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret }, now: () => now })
    const { data } = await resend.emails.send({
      ...mail(),
      headers: { 'X-Entity-Ref-ID': 'e1' },
      tags: [{ name: 'step', value: 'lesson-1' }],
    })
    await sandbox.settle()
    const about = {
      email_id: data?.id,
      message_id: `<${data?.id}@mail.clinic.example>`,
      created_at: '2027-03-01T09:00:00.000Z',
      from: 'Clinic <hello@mail.clinic.example>',
      to: ['pat@people.example'],
      subject: 'What happens at a first visit',
      tags: { step: 'lesson-1' },
      headers: [{ name: 'X-Entity-Ref-ID', value: 'e1' }],
    }
    expect(hook.received.map(({ event }) => event)).toEqual([
      { type: 'email.sent', created_at: '2027-03-01T09:00:00.001Z', data: about },
      { type: 'email.delivered', created_at: '2027-03-01T09:00:00.002Z', data: about },
    ])
    expect(new Set(hook.received.map(({ id }) => id)).size).toBe(2)
  })

  test.each([
    ['bounced+7@resend.dev', ['email.sent', 'email.bounced'], 'bounced'],
    ['complained@resend.dev', ['email.sent', 'email.delivered', 'email.complained'], 'complained'],
    ['Suppressed <suppressed@resend.dev>', ['email.sent', 'email.suppressed'], 'suppressed'],
    ['suppressed+7@resend.dev', ['email.sent', 'email.delivered'], 'delivered'],
  ])('%s', async (to, expected, last) => {
    const hook = await receiver()
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret } })
    const { data } = await resend.emails.send(mail({ to }) as never)
    await sandbox.settle()
    expect(types(hook.received)).toEqual(expected)
    expect((await resend.emails.get(data?.id ?? '')).data?.last_event).toBe(last)
  })

  test('a bounce says of what kind, and is about that recipient only', async () => {
    const hook = await receiver()
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret } })
    await resend.emails.send(mail({ to: ['pat@people.example', 'bounced@resend.dev'] }) as never)
    await sandbox.settle()
    expect(hook.received.map(({ event }) => [event.type, (event.data as { to?: string[] }).to])).toEqual([
      ['email.sent', ['pat@people.example', 'bounced@resend.dev']],
      ['email.delivered', ['pat@people.example']],
      ['email.bounced', ['bounced@resend.dev']],
    ])
    expect(hook.received[2]?.event.data).toMatchObject({
      bounce: { type: 'Permanent', subType: 'General', diagnosticCode: ['smtp; 550 5.1.1 user unknown'] },
    })
    expect(hook.received[0]?.event.data).not.toHaveProperty('tags')
  })

  test('bounce: a planned one, soft, for addresses that match', async () => {
    const hook = await receiver()
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret } })
    sandbox.plan({ kind: 'bounce', match: 'LEE@', bounceType: 'Transient', subType: 'MailboxFull' })
    for (const to of ['pat@people.example', 'lee@people.example', 'lee@people.example'])
      await resend.emails.send(mail({ to }))
    await sandbox.settle()
    expect(sandbox.emails().map(({ lastEvent }) => lastEvent)).toEqual(['delivered', 'bounced', 'delivered'])
    const bounces = hook.received.filter(({ event }) => event.type === 'email.bounced')
    expect(bounces[0]?.event.data).toMatchObject({ bounce: { type: 'Transient', subType: 'MailboxFull' } })
    expect(bounces).toHaveLength(1)
  })

  test('a replay sends none', async () => {
    const hook = await receiver()
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret } })
    await resend.emails.send(mail(), { idempotencyKey: 'k' })
    await resend.emails.send(mail(), { idempotencyKey: 'k' })
    await sandbox.settle()
    expect(types(hook.received)).toEqual(['email.sent', 'email.delivered'])
  })

  test('go to the webhook that was set last, or nowhere', async () => {
    const [one, two] = [await receiver(), await receiver()]
    const { sandbox, resend } = await bench()
    for (const webhook of [null, { url: one.url, secret }, { url: two.url, secret }, null]) {
      sandbox.setWebhook(webhook)
      await resend.emails.send(mail())
      await sandbox.settle()
    }
    expect([one.received.length, two.received.length]).toEqual([2, 2])
  })
})

describe('delivery', () => {
  test('anything but 200 is tried again under the same id', async () => {
    const hook = await receiver((count) => [204, 500][count] ?? 200)
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret } })
    await resend.emails.send(mail())
    await sandbox.settle()
    expect(types(hook.received)).toEqual(['email.sent', 'email.delivered', 'email.sent', 'email.delivered'])
    expect(hook.received[0]?.id).toBe(hook.received[2]?.id)
    expect(hook.received[1]?.id).toBe(hook.received[3]?.id)
    expect(hook.received.map(({ status }) => status)).toEqual([204, 500, 200, 200])
  })

  test('ends after the last retry, and says so', async () => {
    const hook = await receiver(() => 500)
    const { sandbox, resend } = await bench()
    await resend.emails.send(mail())
    const lines: string[] = []
    const queue = new WebhookQueue({ log: (line) => lines.push(line), retryMs: [1, 2] })
    queue.setTarget({ url: hook.url, secret })
    queue.add(sandbox.emails(), { copies: 1, shuffled: false, held: false })
    await queue.settle()
    queue.close()
    expect(types(hook.received).filter((type) => type === 'email.sent')).toHaveLength(3)
    expect(lines.filter((line) => line.includes('gave up'))).toHaveLength(2)
  })

  test('an endpoint that never answers is left after the time-out', async () => {
    const { sandbox, resend } = await bench()
    await resend.emails.send(mail())
    const lines: string[] = []
    const queue = new WebhookQueue({ log: (line) => lines.push(line), retryMs: [], timeoutMs: 50 })
    const { createServer } = await import('node:http')
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    queue.setTarget({ url: `http://127.0.0.1:${(silent.address() as { port: number }).port}/`, secret })
    queue.add(sandbox.emails(), { copies: 1, shuffled: false, held: false })
    await queue.settle()
    queue.close()
    silent.closeAllConnections()
    silent.close()
    expect(lines).toEqual([expect.stringContaining('timed out'), expect.stringContaining('timed out')])
  })

  test('a slow endpoint holds up no send, and sees a bounded number at once', async () => {
    let open = 0
    let most = 0
    const { createServer } = await import('node:http')
    const slow = createServer((_, response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open -= 1
        response.end()
      }, 20)
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => slow.once('listening', resolve))
    const url = `http://127.0.0.1:${(slow.address() as { port: number }).port}/`
    const { sandbox, resend } = await bench({ webhook: { url, secret } })
    await resend.batch.send(Array.from({ length: 100 }, () => mail()) as never)
    const health = (await (await fetch(`${sandbox.url}/sandbox/health`)).json()) as { pendingEvents: number }
    expect(health.pendingEvents).toBeGreaterThan(50)
    await sandbox.settle()
    expect(most).toBe(16)
    slow.close()
  })

  test('duplicate-events: each twice, under one id', async () => {
    const hook = await receiver()
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret } })
    sandbox.plan({ kind: 'duplicate-events' })
    await resend.emails.send(mail())
    await resend.emails.send(mail())
    await sandbox.settle()
    const firstMail = hook.received.filter(({ event }) => event.data.email_id === sandbox.emails()[0]?.id)
    expect(types(firstMail)).toEqual(['email.sent', 'email.sent', 'email.delivered', 'email.delivered'])
    expect(new Set(firstMail.map(({ id }) => id)).size).toBe(2)
    expect(hook.received).toHaveLength(6)
  })

  test('shuffle-events: last first, while created_at still tells the order', async () => {
    const hook = await receiver()
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret } })
    sandbox.plan({ kind: 'shuffle-events' })
    await resend.batch.send([mail({ subject: 'a' }), mail({ subject: 'b' })])
    await sandbox.settle()
    expect(
      hook.received.map(({ event }) => [event.type, (event.data as { subject?: string }).subject]),
    ).toEqual([
      ['email.delivered', 'b'],
      ['email.sent', 'b'],
      ['email.delivered', 'a'],
      ['email.sent', 'a'],
    ])
    const [delivered, sent] = hook.received.map(({ event }) => event.created_at)
    expect(Date.parse(delivered ?? '')).toBeGreaterThan(Date.parse(sent ?? ''))
  })

  test('hold-events: none until they are released', async () => {
    const hook = await receiver()
    const { sandbox, resend } = await bench({ webhook: { url: hook.url, secret } })
    sandbox.plan({ kind: 'hold-events', times: 2 })
    await resend.emails.send(mail())
    await resend.emails.send(mail())
    await resend.emails.send(mail({ subject: 'Free' }))
    await sandbox.settle()
    expect(hook.received.map(({ event }) => (event.data as { subject?: string }).subject)).toEqual([
      'Free',
      'Free',
    ])
    const released = await fetch(`${sandbox.url}/sandbox/events/release`, { method: 'POST' })
    expect(await released.json()).toEqual({ released: 2 })
    await sandbox.settle()
    expect(hook.received).toHaveLength(6)
    expect(sandbox.release()).toBe(0)
  })
})
