import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { formAdapters } from '../../src/capture/index.ts'
import { sourceAddress } from '../../src/capture/source-secret.ts'
import { verifyStandardWebhook } from '../../src/capture/standard-webhook.ts'
import { post, refusal } from './request.ts'
import {
  body,
  hubspotUrl,
  netlifyHash,
  netlifyToken,
  requestOf,
  secret,
  signedAt,
  signedCases,
} from './signed-cases.ts'

const later = (ms: number) => new Date(signedAt.getTime() + ms)

describe.each(signedCases)('$name', (one) => {
  const adapter = formAdapters[one.kind]
  const verdict = (request = requestOf(one), secrets: string[] = [one.secret], now = signedAt) =>
    refusal(() => adapter.verify(request, secrets, now))
  const wrong = one.secret.startsWith('whsec_')
    ? `whsec_${Buffer.from('another key').toString('base64')}`
    : 'wrong'

  it('passes as its provider sends it', async () => {
    expect(await verdict()).toBe('passed')
  })

  it('passes with any secret of a rotation', async () => {
    expect(await verdict(requestOf(one), [wrong, one.secret])).toBe('passed')
    expect(await verdict(requestOf(one), [one.secret, wrong])).toBe('passed')
  })

  it('fails with no secret, a blank one or a wrong one', async () => {
    for (const secrets of [
      [],
      [''],
      [' '],
      ['whsec_'],
      [wrong],
      [one.secret.slice(0, -2)],
      [`${one.secret}x`],
    ]) {
      expect(await verdict(requestOf(one), secrets)).toBe('unauthorized')
    }
  })

  it.each(one.needs)('fails without %s, and with it empty', async (header) => {
    const { [header]: _, ...rest } = one.headers
    expect(await verdict(requestOf(one, { headers: rest }))).toBe('unauthorized')
    expect(await verdict(requestOf(one, { headers: { ...rest, [header]: ' ' } }))).toBe('unauthorized')
  })

  it.each(one.needs)('fails with any one character of %s changed', async (header) => {
    const value = one.headers[header] ?? ''
    for (let at = 0; at < value.length; at += 1) {
      // The scheme's name "Bearer" counts in any letter case, so the changed character is never that.
      const changed = `${value.slice(0, at)}${value[at] === '7' ? '8' : '7'}${value.slice(at + 1)}`
      expect(await verdict(requestOf(one, { headers: { ...one.headers, [header]: changed } }))).not.toBe(
        'passed',
      )
    }
  })

  if (one.coversBody) {
    it('fails with any one bit of the body flipped, and re-serialised', async () => {
      const bytes = new TextEncoder().encode(one.body)
      for (let at = 0; at < bytes.length; at += 1) {
        const flipped = bytes.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte))
        expect(await verdict(post(flipped, one.headers, one.url))).toBe('unauthorized')
      }
      const pretty = JSON.stringify(JSON.parse(one.body), null, 1)
      expect(await verdict(requestOf(one, { body: pretty }))).toBe('unauthorized')
      expect(await verdict(requestOf(one, { body: '' }))).toBe('unauthorized')
    })
  }

  const { tolerance } = one
  if (tolerance !== null) {
    it('is stale past its tolerance, in either direction', async () => {
      expect(await verdict(requestOf(one), [one.secret], later(tolerance))).toBe('passed')
      expect(await verdict(requestOf(one), [one.secret], later(-tolerance))).toBe('passed')
      expect(await verdict(requestOf(one), [one.secret], later(tolerance + 1))).toBe('stale')
      expect(await verdict(requestOf(one), [one.secret], later(-tolerance - 1))).toBe('stale')
      expect(await verdict(requestOf(one), [wrong], later(tolerance + 1))).toBe('unauthorized')
    })
  }
})

describe('secret in the path', () => {
  const at = (url: string, secrets = [secret]) =>
    refusal(() => formAdapters.elementor.verify(post('', {}, url), secrets, signedAt))

  it('is the segment after the source, and no other part of the URL', async () => {
    expect(await at(`https://x.example/hooks/leads/site/${secret}?utm=1#top`)).toBe('passed')
    expect(await at(`/hooks/leads/site/${secret}`)).toBe('passed')
    for (const path of [
      '/hooks/leads/site',
      `/hooks/leads/${secret}`,
      `/hooks/leads/site?s=/hooks/leads/site/${secret}`,
      `/hooks/leads/site/${secret}/more`,
      `/hooks/leads/site/${secret}wrong`,
      `/hooks/leads/site/`,
    ]) {
      expect(await at(`https://x.example${path}`), path).toBe('unauthorized')
    }
  })

  it('may hold any character, escaped or as far as an address allows as it is', async () => {
    const own = 'a:secret+of=one@s&own,with;all|signs/?#%41é'
    const adapter = 'elementor'
    const address = sourceAddress('https://x.example', { slug: 'site', adapter, secrets: [own, secret] })
    expect(new URL(address).hash + new URL(address).search).toBe('')
    expect(await at(address, [own])).toBe('passed')
    expect(await at('/hooks/leads/site/a:b+c=d@e&f,g;h%7Ci', ['a:b+c=d@e&f,g;h|i'])).toBe('passed')
    for (const wrong of ['a%2', '%ff', '%00', '%', address.slice(0, -1).split('/').at(-1)])
      expect(await at(`/hooks/leads/site/${wrong}`, [own]), wrong).toBe('unauthorized')
  })
})

describe('standard webhooks', () => {
  const key = 'whsec_Y2xpbmljLWRlbW8tc2lnbmluZy1rZXktMDAwMDAwMDE='
  const text = '{"type":"email.delivered","created_at":"2026-01-01T00:00:00.000Z","data":{"email_id":"e-1"}}'
  const good = 'v1,v4RTb1P/y/yw3HNP9W/0bhy2NrwH6eVOYHQoVCUjemo='
  const verify = (signature: string, prefix: 'svix-' | 'webhook-' = 'svix-', sent = 'svix-') =>
    verifyStandardWebhook(
      post(text, {
        [`${sent}id`]: 'msg_demo0001',
        [`${sent}timestamp`]: '1767225600',
        [`${sent}signature`]: signature,
      }),
      [key],
      signedAt,
      prefix,
    )

  it('verifies the headers of Svix and gives back the message id', () => {
    expect(verify(good)).toBe('msg_demo0001')
  })

  it('takes any v1 of a list and skips other versions', async () => {
    expect(verify(`v1a,AAAA v2,BBBB v1,CCCC ${good}`)).toBe('msg_demo0001')
    for (const list of [good.replace('v1', 'v1a'), good.replace('v1,', ''), 'v1,', 'v1,CCCC']) {
      expect(await refusal(() => verify(list))).toBe('unauthorized')
    }
  })

  it('signs with no empty key, however the secret spells it', async () => {
    const forged = createHmac('sha256', '').update(`msg_demo0001.1767225600.${text}`).digest('base64')
    const headers = {
      'svix-id': 'msg_demo0001',
      'svix-timestamp': '1767225600',
      'svix-signature': `v1,${forged}`,
    }
    for (const empty of ['', 'whsec_', 'whsec_A', 'whsec_====', '*']) {
      const call = () => verifyStandardWebhook(post(text, headers), [empty], signedAt, 'svix-')
      expect(await refusal(call), empty).toBe('unauthorized')
    }
  })

  it('looks only at headers of the prefix asked for', async () => {
    expect(await refusal(() => verify(good, 'webhook-', 'svix-'))).toBe('unauthorized')
  })

  it('takes no time but whole seconds', async () => {
    for (const timestamp of ['1767225600.0', '-1767225600', '0x69', 'NaN', '99999999999999', '1767225600 ']) {
      const signed = createHmac('sha256', Buffer.from(key.slice(6), 'base64')).update(
        `m.${timestamp}.${text}`,
      )
      const headers = {
        'svix-id': 'm',
        'svix-timestamp': timestamp,
        'svix-signature': `v1,${signed.digest('base64')}`,
      }
      const call = () => verifyStandardWebhook(post(text, headers), [key], signedAt, 'svix-')
      expect(await refusal(call), timestamp).toBe('unauthorized')
    }
  })
})

describe('netlify', () => {
  const verdict = (token: string) =>
    refusal(() =>
      formAdapters.netlify.verify(post(body, { 'x-webhook-signature': token }), [secret], signedAt),
    )

  it('hashes the body as the reference does', () => {
    expect(createHash('sha256').update(body).digest('hex')).toBe(netlifyHash)
  })

  it('checks issuer, algorithm, hash and, where there is one, expiry', async () => {
    const claims = { iss: 'netlify', sha256: netlifyHash }
    expect(await verdict(netlifyToken({ ...claims, exp: 1_767_225_600 }))).toBe('passed')
    expect(await verdict(netlifyToken({ ...claims, exp: 1_767_225_599 }))).toBe('stale')
    expect(await verdict(netlifyToken({ ...claims, iss: 'other' }))).toBe('unauthorized')
    expect(await verdict(netlifyToken({ ...claims, sha256: '0'.repeat(64) }))).toBe('unauthorized')
    expect(await verdict(netlifyToken({ iss: 'netlify' }))).toBe('unauthorized')
    expect(await verdict(netlifyToken(claims, secret, 'none'))).toBe('unauthorized')
    expect(await verdict(`${netlifyToken(claims)}.`)).toBe('unauthorized')
    expect(await verdict('..')).toBe('unauthorized')
  })
})

describe('hubspot', () => {
  it('signs v3 over the URL with its escapes decoded', async () => {
    const path = `${hubspotUrl}?to=a%40b%2Fc&keep=%20`
    const signed = `POST${hubspotUrl}?to=a@b/c&keep=%20${body}1767225600000`
    const headers = {
      'x-hubspot-signature-v3': createHmac('sha256', secret).update(signed).digest('base64'),
      'x-hubspot-request-timestamp': '1767225600000',
    }
    const verify = (url: string) => () =>
      formAdapters['hubspot-workflow'].verify(post(body, headers, url), [secret], signedAt)
    expect(await refusal(verify(path))).toBe('passed')
    expect(await refusal(verify(path.replace('http', 'https')))).toBe('unauthorized')
  })

  it('does not fall back to a weaker version when v3 is there and wrong', async () => {
    const headers = {
      'x-hubspot-signature-v3': 'AAAA',
      'x-hubspot-request-timestamp': '1767225600000',
      'x-hubspot-signature': '66737ab54bfbabeaf484f8fdcdae2249a29a900d015a2868234bea0ae084e5a2',
    }
    const verify = () =>
      formAdapters['hubspot-workflow'].verify(post(body, headers, hubspotUrl), [secret], signedAt)
    expect(await refusal(verify)).toBe('unauthorized')
  })

  it('takes an API key in a header where nothing is signed', async () => {
    const verify = (key: string) => () =>
      formAdapters['hubspot-workflow'].verify(
        post(body, { authorization: `Bearer ${key}` }),
        [secret],
        signedAt,
      )
    expect(await refusal(verify(secret))).toBe('passed')
    expect(await refusal(verify('wrong'))).toBe('unauthorized')
  })
})

it('lets every plain form in: a browser can keep no secret', async () => {
  expect(await refusal(() => formAdapters['html-form'].verify(post(''), [], signedAt))).toBe('passed')
})
