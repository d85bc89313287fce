import { createHmac } from 'node:crypto'
import type { FormAdapterKind } from '../../src/capture/index.ts'
import { json, post } from './request.ts'

/** Signatures made with other tools: one key, one body, one moment. */
export const secret = 'demo-secret'
export const body = '{"email":"pat@example.com"}'
export const signedAt = new Date(1_767_225_600_000)
export const hubspotUrl = 'https://hooks.example.com/in/hubspot'

const minute = 60_000
const pathUrl = `https://nurture.example/hooks/leads/site/${secret}`

export type SignedCase = {
  kind: FormAdapterKind
  name: string
  secret: string
  body: string
  headers: Record<string, string>
  url?: string
  /** Headers without which it must fail. */
  needs: string[]
  /** How far the clock may be off; null where nothing signed holds a time. */
  tolerance: number | null
  /** Whether the signature covers the body. */
  coversBody: boolean
}

const base = { secret, body, tolerance: null, coversBody: true }

function netlifyToken(claims: object, key = secret, alg = 'HS256'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg, typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}
export const netlifyHash = '789dc761a1550553935cecf0abd7050e931faecfebf3e0b47167fc4690bc8f94'
export { netlifyToken }

export const signedCases: SignedCase[] = [
  {
    ...base,
    kind: 'standard-webhooks',
    name: 'standard-webhooks',
    secret: 'whsec_Y2xpbmljLWRlbW8tc2lnbmluZy1rZXktMDAwMDAwMDE=',
    body: '{"type":"email.delivered","created_at":"2026-01-01T00:00:00.000Z","data":{"email_id":"e-1"}}',
    headers: {
      'webhook-id': 'msg_demo0001',
      'webhook-timestamp': '1767225600',
      'webhook-signature': 'v1,v4RTb1P/y/yw3HNP9W/0bhy2NrwH6eVOYHQoVCUjemo=',
    },
    needs: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    tolerance: 5 * minute,
  },
  {
    ...base,
    kind: 'typeform',
    name: 'typeform',
    headers: { 'typeform-signature': 'sha256=LiHkv30A7JCfwia5qEQRkBRLabFaN+5eaTg8ifDKbmQ=' },
    needs: ['typeform-signature'],
  },
  {
    ...base,
    kind: 'webflow',
    name: 'webflow',
    headers: {
      'x-webflow-timestamp': '1767225600000',
      'x-webflow-signature': '6a90734739ceee4cd356f8d8934e20bd30c46ba277443b4587a5d8a938437f8a',
    },
    needs: ['x-webflow-timestamp', 'x-webflow-signature'],
    tolerance: 5 * minute,
  },
  {
    ...base,
    kind: 'wpforms',
    name: 'wpforms',
    headers: {
      'x-wpforms-webhook-signature':
        't=1767225600,v=0fd4041906e9b94dbab081c3a8f34ffbaa89cc695de120784b7940456f32f26e',
    },
    needs: ['x-wpforms-webhook-signature'],
    tolerance: 5 * minute,
  },
  {
    ...base,
    kind: 'framer',
    name: 'framer',
    headers: {
      'framer-webhook-submission-id': 'sub-0001',
      'framer-signature': 'sha256=238e6e9217eecd8170e69aa42c34337066dfc8f9324005cff03f6ac560667049',
    },
    needs: ['framer-webhook-submission-id', 'framer-signature'],
  },
  {
    ...base,
    kind: 'meta-lead-ads',
    name: 'meta-lead-ads',
    headers: {
      'x-hub-signature-256': 'sha256=2e21e4bf7d00ec909fc226b9a8441190144b69b15a37ee5e69383c89f0ca6e64',
    },
    needs: ['x-hub-signature-256'],
  },
  {
    ...base,
    kind: 'tally',
    name: 'tally',
    headers: { 'tally-signature': 'LiHkv30A7JCfwia5qEQRkBRLabFaN+5eaTg8ifDKbmQ=' },
    needs: ['tally-signature'],
  },
  {
    ...base,
    kind: 'netlify',
    name: 'netlify',
    headers: { 'x-webhook-signature': netlifyToken({ iss: 'netlify', sha256: netlifyHash }) },
    needs: ['x-webhook-signature'],
  },
  {
    ...base,
    kind: 'hubspot-workflow',
    name: 'hubspot v1',
    url: hubspotUrl,
    headers: { 'x-hubspot-signature': '66737ab54bfbabeaf484f8fdcdae2249a29a900d015a2868234bea0ae084e5a2' },
    needs: ['x-hubspot-signature'],
  },
  {
    ...base,
    kind: 'hubspot-workflow',
    name: 'hubspot v2',
    url: hubspotUrl,
    headers: {
      'x-hubspot-signature': 'a2e77945f745cc3b3308773569e9c88e0512dcd1171d85def9ce7aa349105e01',
      'x-hubspot-signature-version': 'v2',
    },
    needs: ['x-hubspot-signature', 'x-hubspot-signature-version'],
  },
  {
    ...base,
    kind: 'hubspot-workflow',
    name: 'hubspot v3',
    url: hubspotUrl,
    headers: {
      'x-hubspot-signature-v3': '2TLHARIdlNOI0kpJJYs1dzSycm3+Z/41wIv0IyrTjEA=',
      'x-hubspot-request-timestamp': '1767225600000',
    },
    needs: ['x-hubspot-signature-v3', 'x-hubspot-request-timestamp'],
    tolerance: 5 * minute,
  },
  ...(['bearer', 'gravity-forms', 'contact-form-7'] as const).flatMap((kind) => [
    {
      ...base,
      kind,
      name: kind,
      headers: { authorization: `Bearer ${secret}` },
      needs: ['authorization'],
      coversBody: false,
    },
    {
      ...base,
      kind,
      name: `${kind} by own header`,
      headers: { 'x-nurture-secret': secret },
      needs: ['x-nurture-secret'],
      coversBody: false,
    },
  ]),
  ...(['elementor', 'jotform', 'wix-automation', 'webflow'] as const).map((kind) => ({
    ...base,
    kind,
    name: `${kind} by path`,
    headers: {},
    url: pathUrl,
    needs: [],
    coversBody: false,
  })),
  {
    ...base,
    kind: 'google-ads-lead-form',
    name: 'google-ads-lead-form',
    body: `{"google_key":"${secret}"}`,
    headers: {},
    needs: [],
    coversBody: false,
  },
]

/** The case as a request, with whatever a test bends. */
export function requestOf(one: SignedCase, bent: Partial<Pick<SignedCase, 'body' | 'headers' | 'url'>> = {}) {
  const { headers, url, body: text } = { ...one, ...bent }
  return post(text, { ...json, ...headers }, url)
}
