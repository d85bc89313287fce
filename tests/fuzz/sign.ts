import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { FormAdapterKind } from '../../src/capture/index.ts'

type Body = Uint8Array

/** What a tool sends: its own headers, the last part of the address, and the body, into which one puts its key. */
export type Signed = { headers: Record<string, string>; suffix: string; body: Body }

/** How one tool proves who it is. Written from its documents alone, and shares no line with what checks it. */
type Signer = {
  /** The proof is over the bytes, so that other bytes under it are refused. */
  coversBody: boolean
  /** The proof holds a time. */
  ages: boolean
  sign(input: { body: Body; secret: string; url: string; at: Date }): Signed
}

const hmac = (secret: string | Buffer, ...parts: (string | Body)[]) => {
  const mac = createHmac('sha256', secret)
  for (const part of parts) mac.update(part)
  return mac.digest()
}
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

const byHeaders = (
  headersOf: (input: { body: Body; secret: string; url: string; at: Date }) => Record<string, string>,
  { coversBody = true, ages = false } = {},
): Signer => ({
  coversBody,
  ages,
  sign: (input) => ({ headers: headersOf(input), suffix: '', body: input.body }),
})

const standard = byHeaders(
  ({ body, secret, at }) => {
    const [id, time] = [`msg_${randomUUID()}`, String(Math.floor(at.getTime() / 1_000))]
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const signature = hmac(key, `${id}.${time}.`, body).toString('base64')
    return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` }
  },
  { ages: true },
)
const bearer = byHeaders(({ secret }) => ({ authorization: `Bearer ${secret}` }), { coversBody: false })
const byPath: Signer = {
  coversBody: false,
  ages: false,
  sign: ({ body, secret }) => ({ headers: {}, suffix: `/${secret}`, body }),
}

/** Puts the key where Google puts it; bytes that are no JSON object have room for none, and are not signed. */
function keyInBody(body: Body, key: string): Body {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return body
    return Buffer.from(JSON.stringify({ ...parsed, google_key: key }))
  } catch {
    return body
  }
}

/** Every kind of form, but for the one in a browser that can prove nothing. */
export const signers: Readonly<Record<Exclude<FormAdapterKind, 'html-form'>, Signer>> = {
  'standard-webhooks': standard,
  'google-forms': standard,
  bearer,
  'gravity-forms': bearer,
  'contact-form-7': bearer,
  elementor: byPath,
  jotform: byPath,
  'wix-automation': byPath,
  typeform: byHeaders(({ body, secret }) => ({
    'typeform-signature': `sha256=${hmac(secret, body).toString('base64')}`,
  })),
  tally: byHeaders(({ body, secret }) => ({ 'tally-signature': hmac(secret, body).toString('base64') })),
  webflow: byHeaders(
    ({ body, secret, at }) => ({
      'x-webflow-timestamp': String(at.getTime()),
      'x-webflow-signature': hmac(secret, `${at.getTime()}:`, body).toString('hex'),
    }),
    { ages: true },
  ),
  wpforms: byHeaders(
    ({ body, secret, at }) => {
      const time = Math.floor(at.getTime() / 1_000)
      return {
        'x-wpforms-webhook-signature': `t=${time},v=${hmac(secret, `${time}.`, body).toString('hex')}`,
      }
    },
    { ages: true },
  ),
  framer: byHeaders(({ body, secret }) => {
    const id = `sub-${randomUUID()}`
    return {
      'framer-webhook-submission-id': id,
      'framer-signature': `sha256=${hmac(secret, body, id).toString('hex')}`,
    }
  }),
  netlify: byHeaders(({ body, secret }) => {
    const sha256 = createHash('sha256').update(body).digest('hex')
    const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ iss: 'netlify', sha256 })}`
    return { 'x-webhook-signature': `${signed}.${hmac(secret, signed).toString('base64url')}` }
  }),
  'hubspot-workflow': byHeaders(
    ({ body, secret, url, at }) => ({
      'x-hubspot-request-timestamp': String(at.getTime()),
      'x-hubspot-signature-v3': hmac(secret, 'POST', url, body, String(at.getTime())).toString('base64'),
    }),
    { ages: true },
  ),
  'meta-lead-ads': byHeaders(({ body, secret }) => ({
    'x-hub-signature-256': `sha256=${hmac(secret, body).toString('hex')}`,
  })),
  'google-ads-lead-form': {
    coversBody: false,
    ages: false,
    sign: ({ body, secret }) => ({ headers: {}, suffix: '', body: keyInBody(body, secret) }),
  },
}

/** A secret as that kind wants it. */
export const secretFor = (kind: FormAdapterKind): string =>
  signers[kind as keyof typeof signers] === standard
    ? `whsec_${randomBytes(32).toString('base64')}`
    : randomBytes(24).toString('base64url')
