import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bench, mail } from './support.ts'

const newFile = () => join(mkdtempSync(join(tmpdir(), 'sandbox-')), 'mail.jsonl')

describe('with a file, a restart', () => {
  test('keeps mails, attempts, quota and keys', async () => {
    const file = newFile()
    const before = await bench({ file })
    // U+2028 and a pretty-printed body are where reading line by line usually goes wrong.
    const body = JSON.stringify(
      [mail({ subject: 'a\u2028b' }), mail({ to: 'x' }), mail({ to: 'hard@people.example' })],
      null,
      2,
    )
    const options = { body, headers: { 'x-batch-validation': 'permissive' }, idempotencyKey: 'k' }
    before.sandbox.plan({ kind: 'bounce', match: 'hard@', bounceType: 'Transient', subType: 'MailboxFull' })
    const first = await before.resend.post('/emails/batch', {}, options as never)
    before.sandbox.plan({ kind: 'drop-before' })
    before.sandbox.plan({ kind: 'drop-after' })
    for (let call = 0; call < 2; call += 1)
      await before.resend.emails.send(mail(), { idempotencyKey: 'dropped' })
    await before.resend.emails.send(mail({ subject: '' }))
    const emails = structuredClone(before.sandbox.emails())
    const attempts = structuredClone(before.sandbox.attempts())
    await before.sandbox.close()

    const after = await bench({ file })
    expect(emails).toHaveLength(3)
    expect(emails[1]?.lastEvent).toBe('bounced')
    expect(after.sandbox.emails()).toEqual(emails)
    expect(after.sandbox.attempts()).toEqual(attempts)
    expect(attempts.map(({ outcome }) => outcome)).toEqual([200, 'dropped-before', 'dropped-after', 422])
    const again = await after.resend.post('/emails/batch', {}, options as never)
    expect(again.data).toEqual(first.data)
    const dropped = await after.resend.emails.send(mail(), { idempotencyKey: 'dropped' })
    expect(dropped.data?.id).toBe(emails[2]?.id)
    expect(dropped.headers?.['x-resend-daily-quota']).toBe('3')
    const changed = await after.resend.emails.send(mail({ subject: 'Other' }), { idempotencyKey: 'dropped' })
    expect(changed.error?.name).toBe('invalid_idempotent_request')
  })

  test('forgets a half-written line, and goes on after it', async () => {
    const file = newFile()
    const before = await bench({ file })
    await before.resend.emails.send(mail())
    await before.sandbox.close()
    const whole = readFileSync(file, 'utf8')
    appendFileSync(file, '{"kind":"accepted","att')
    const between = await bench({ file })
    expect(readFileSync(file, 'utf8')).toBe(whole)
    await between.resend.emails.send(mail({ subject: 'Second' }))
    await between.sandbox.close()
    const after = await bench({ file })
    expect(after.sandbox.emails().map(({ subject }) => subject)).toEqual([mail().subject, 'Second'])
  })

  test('keeps an emptied inbox empty, and its keys', async () => {
    const file = newFile()
    const before = await bench({ file })
    const first = await before.resend.emails.send(mail(), { idempotencyKey: 'k' })
    await fetch(`${before.sandbox.url}/sandbox/emails`, { method: 'DELETE' })
    await before.sandbox.close()
    const after = await bench({ file })
    expect(after.sandbox.emails()).toEqual([])
    expect((await after.resend.emails.send(mail(), { idempotencyKey: 'k' })).data).toEqual(first.data)
    expect(after.sandbox.emails()).toEqual([])
  })

  test('reads a file of many megabytes', async () => {
    const file = newFile()
    const before = await bench({ file })
    const html = '<p>ä</p>'.repeat(3000)
    for (let batch = 0; batch < 3; batch += 1)
      await before.resend.batch.send(
        Array.from({ length: 50 }, (_, index) => mail({ html, subject: `${batch}-${index}` })) as never,
      )
    const emails = structuredClone(before.sandbox.emails())
    await before.sandbox.close()
    const after = await bench({ file })
    expect(after.sandbox.emails()).toEqual(emails)
    expect(emails).toHaveLength(150)
  })
})
