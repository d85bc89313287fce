import { createHmac } from 'node:crypto'

/**
 * Real requests as each provider sends them, for the demo and the tests. Written apart from the code that verifies
 * them and sharing nothing with it, so that one mistake cannot hide in both.
 */
export const providerKinds = [
  'typeform',
  'webflow',
  'elementor',
  'html-form',
  'gravity-forms',
  'standard-webhooks',
  'calendly',
] as const
export type ProviderKind = (typeof providerKinds)[number]

export type ProviderRequest = {
  method: 'POST'
  /** What to append to the source's URL: Elementor can set no header, so its secret is the last segment. */
  pathSuffix: string
  headers: Record<string, string>
  contentType: string
  body: string
}

type Payload = Readonly<Record<string, unknown>>
type Signed = { type?: string; body: string; headers?: Record<string, string>; pathSuffix?: string }

const json = 'application/json'
const urlencoded = 'application/x-www-form-urlencoded'

const pairs = (payload: Payload) =>
  Object.entries(payload).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [key, String(one)]),
  )

const signers: Record<ProviderKind, (payload: Payload, secret: string, now: Date) => Signed> = {
  typeform(payload, secret) {
    const body = JSON.stringify(payload)
    const digest = createHmac('sha256', secret).update(body).digest('base64')
    return { body, headers: { 'typeform-signature': `sha256=${digest}` } }
  },
  webflow(payload, secret, now) {
    const body = JSON.stringify(payload)
    const time = String(now.getTime())
    const digest = createHmac('sha256', secret).update(`${time}:${body}`).digest('hex')
    return { body, headers: { 'x-webflow-timestamp': time, 'x-webflow-signature': digest } }
  },
  elementor(payload, secret) {
    const body = new URLSearchParams(pairs(payload)).toString()
    return { type: urlencoded, body, headers: { 'user-agent': 'WordPress/6.9' }, pathSuffix: `/${secret}` }
  },
  'html-form'(payload) {
    return { type: urlencoded, body: new URLSearchParams(pairs(payload)).toString() }
  },
  'gravity-forms'(payload, secret) {
    return { body: JSON.stringify(payload), headers: { authorization: `Bearer ${secret}` } }
  },
  'standard-webhooks'(payload, secret, now) {
    const body = JSON.stringify(payload)
    const id = `msg_${createHmac('sha256', 'id').update(body).digest('hex').slice(0, 24)}`
    const time = String(Math.floor(now.getTime() / 1000))
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const digest = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
    const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${digest}` }
    return { body, headers }
  },
  calendly(payload, secret, now) {
    const body = JSON.stringify(payload)
    const time = String(Math.floor(now.getTime() / 1000))
    const digest = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    return { body, headers: { 'calendly-webhook-signature': `t=${time},v1=${digest}` } }
  },
}

/** One request of this provider. `secret` is the source's own; Standard Webhooks wants a `whsec_…` one. */
export function signedRequest(
  kind: ProviderKind,
  payload: Payload,
  secret: string,
  now: Date,
): ProviderRequest {
  const { type = json, body, headers = {}, pathSuffix = '' } = signers[kind](payload, secret, now)
  return {
    method: 'POST',
    pathSuffix,
    headers: { 'content-type': type, ...headers },
    contentType: type,
    body,
  }
}
