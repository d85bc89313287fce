import { describe, expect, test } from 'vitest'
import { bench, mail } from './support.ts'

const withKey = (idempotencyKey: string) => ({ idempotencyKey })

describe('a key', () => {
  test('with the same body gives the first answer again, and no second mail', async () => {
    const { sandbox, resend } = await bench()
    const first = await resend.emails.send(mail(), withKey('k'))
    const again = await resend.emails.send(mail(), withKey('k'))
    expect(again.data).toEqual(first.data)
    expect(sandbox.emails()).toHaveLength(1)
    expect(sandbox.attempts()).toMatchObject([
      { replayed: false, acceptedIds: [first.data?.id] },
      { replayed: true, acceptedIds: [], outcome: 200 },
    ])
  })

  test('repeats a permissive answer with its errors', async () => {
    const { sandbox, resend } = await bench()
    const call = () =>
      resend.batch.send([mail(), mail({ to: 'x' })], { idempotencyKey: 'k', batchValidation: 'permissive' })
    const first = await call()
    expect(first.data?.errors).toHaveLength(1)
    expect((await call()).data).toEqual(first.data)
    expect(sandbox.emails()).toHaveLength(1)
  })

  test('with another body is refused', async () => {
    const { sandbox, resend } = await bench()
    await resend.emails.send(mail(), withKey('k'))
    const { error } = await resend.emails.send(mail({ subject: 'Other' }), withKey('k'))
    expect(error).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' })
    expect(sandbox.emails()).toHaveLength(1)
  })

  test('whose first request still runs is refused, and works afterwards', async () => {
    const { sandbox, resend } = await bench()
    for (const accept of ['before', 'after'] as const) {
      sandbox.plan({ kind: 'slow', ms: 2_000, accept })
      const first = resend.emails.send(mail(), withKey(accept))
      // The plan is used up once the first request is in.
      await expect.poll(() => faults(sandbox.url)).toEqual([])
      const second = await resend.emails.send(mail(), withKey(accept))
      expect(second.error).toMatchObject({ statusCode: 409, name: 'concurrent_idempotent_requests' })
      const third = (await first) && (await resend.emails.send(mail(), withKey(accept)))
      expect(third.data).toEqual((await first).data)
    }
    expect(sandbox.emails()).toHaveLength(2)
  })

  test('belongs to one endpoint', async () => {
    const { sandbox, resend } = await bench()
    await resend.emails.send(mail(), withKey('k'))
    expect((await resend.batch.send([mail()], withKey('k'))).error).toBeNull()
    expect(sandbox.emails()).toHaveLength(2)
  })

  test('protects for 24 hours of the sandbox’s clock', async () => {
    const start = Date.parse('2026-11-22T10:00:00Z')
    let now = start
    const { sandbox, resend } = await bench({ now: () => new Date(now) })
    const first = await resend.emails.send(mail(), withKey('k'))
    now = start + 24 * 3_600_000 - 1
    expect((await resend.emails.send(mail(), withKey('k'))).data).toEqual(first.data)
    now = start + 24 * 3_600_000
    const later = await resend.emails.send(mail(), withKey('k'))
    expect(later.error).toBeNull()
    expect(later.data?.id).not.toBe(first.data?.id)
    expect(sandbox.emails()).toHaveLength(2)
    // The second acceptance starts a window of its own.
    now += 24 * 3_600_000 - 1
    expect((await resend.emails.send(mail(), withKey('k'))).data).toEqual(later.data)
  })

  test('is not used up by an error', async () => {
    const { sandbox, resend } = await bench()
    expect((await resend.emails.send(mail({ to: 'x' }), withKey('k'))).error).not.toBeNull()
    sandbox.plan({ kind: 'rate-limit' })
    expect((await resend.emails.send(mail(), withKey('k'))).error).not.toBeNull()
    expect((await resend.emails.send(mail(), withKey('k'))).error).toBeNull()
  })

  test('has 1 to 256 characters', async () => {
    const { sandbox, resend } = await bench()
    const send = (key: string) => resend.emails.send(mail(), { headers: { 'Idempotency-Key': key } })
    for (const key of ['', 'x'.repeat(257)])
      expect((await send(key)).error).toMatchObject({ statusCode: 400, name: 'invalid_idempotency_key' })
    expect((await send('x'.repeat(256))).error).toBeNull()
    expect(sandbox.emails()).toHaveLength(1)
  })
})

async function faults(url: string): Promise<unknown> {
  return (await fetch(`${url}/sandbox/faults`)).json()
}
