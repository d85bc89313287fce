import { describe, expect, it } from 'vitest'
import { bookingAdapters } from '../../src/booking/index.ts'
import type { FormAdapter } from '../../src/capture/adapter.ts'
import { formAdapters } from '../../src/capture/index.ts'
import { mapFields } from '../../src/capture/map-fields.ts'
import { demoPayload } from '../../src/demo/provider-payloads.ts'
import { providerKinds, signedRequest } from '../../src/demo/providers.ts'
import type { ProviderKind } from '../../src/demo/providers.ts'
import { post, refusal } from './request.ts'

const now = new Date('2026-11-22T10:01:30.500Z')
const pat = { id: 'pat', email: 'pat@example.com', firstName: 'Pat', lastName: 'Lee', phone: '+16105550100' }
const secretOf = (kind: ProviderKind) =>
  kind === 'standard-webhooks'
    ? `whsec_${Buffer.from('a key of thirty-two bytes or more').toString('base64')}`
    : 'a-secret'
const sent = (kind: ProviderKind, secret = secretOf(kind)) => {
  const { body, headers, pathSuffix } = signedRequest(kind, demoPayload(kind, pat, now), secret, now)
  return post(body, headers, `https://nurture.example/hooks/leads/site${pathSuffix}`)
}

describe.each(providerKinds.filter((kind) => kind !== 'calendly'))('a demo request of %s', (kind) => {
  const adapter: FormAdapter = formAdapters[kind]

  it('is verified, read and mapped', async () => {
    expect(await refusal(() => adapter.verify(sent(kind), [secretOf(kind)], now))).toBe('passed')
    const { lead } = mapFields(await adapter.read(sent(kind)), null)
    const { id: _, ...person } = pat
    expect(lead).toMatchObject({ ...person, consent: true })
  })

  if (kind !== 'html-form') {
    it('fails with the secret of another source', async () => {
      expect(await refusal(() => adapter.verify(sent(kind), ['other', 'whsec_b3RoZXI='], now))).toBe(
        'unauthorized',
      )
    })
  }
})

it('a demo booking of Calendly is verified and read', async () => {
  const payload = demoPayload('calendly', { ...pat, token: 'token-1' }, now)
  const { body, headers } = signedRequest('calendly', payload, 'a-secret', now)
  expect(await refusal(() => bookingAdapters.calendly.verify(post(body, headers), ['a-secret'], now))).toBe(
    'passed',
  )
  expect(bookingAdapters.calendly.read(post(body, headers))).toMatchObject({
    kind: 'booked',
    email: pat.email,
    token: 'token-1',
    startsAt: '2026-11-25T10:01:30.500Z',
    occurredAt: now.toISOString(),
  })
})
