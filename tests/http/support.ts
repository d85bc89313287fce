import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { captures, leads } from '../../drizzle/schema/index.ts'
import { asc, eq } from 'drizzle-orm'
import { readEvent } from '../../src/actions/receive-event.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { sendAlert } from '../../src/actions/send-alert.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { emailKey } from '../../src/core/email-address.ts'
import { findLeadByEmail } from '../../src/store/leads.ts'
import { readTimeline } from '../../src/store/timeline.ts'
import type { Source } from '../../src/store/sources.ts'
import type { TestService } from '../support/service.ts'

/** What no answer may ever repeat: tests send these, and `expectProblem` looks for them. */
export const personal = {
  email: 'quintessa.zeller@lead.example',
  first_name: 'Quintessa',
  last_name: 'Zeller',
  phone: '+16105550177',
  message: 'my lower back locked up on Tuesday',
}

export const json = 'application/json'
export const urlencoded = 'application/x-www-form-urlencoded'
export const newWhsec = () => `whsec_${randomBytes(32).toString('base64')}`

export type Body = string | Uint8Array<ArrayBuffer>
type Signer = (body: Body, secret: string, at: Date, id?: string) => Record<string, string>

const hmac = (key: string | Buffer, ...parts: Body[]) => {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return mac
}

function standardHeaders(prefix: string): Signer {
  return (body, secret, at, id = `msg_${randomUUID()}`) => {
    const time = String(Math.floor(at.getTime() / 1_000))
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const signature = hmac(key, `${id}.${time}.`, body).digest('base64')
    return { [`${prefix}id`]: id, [`${prefix}timestamp`]: time, [`${prefix}signature`]: `v1,${signature}` }
  }
}

/** What each of them sends so that it can be verified, written from their documents and over any bytes. */
export const signers = {
  typeform: (body, secret) => ({
    'typeform-signature': `sha256=${hmac(secret, body).digest('base64')}`,
  }),
  'standard-webhooks': standardHeaders('webhook-'),
  resend: standardHeaders('svix-'),
  calendly(body, secret, at) {
    const time = String(Math.floor(at.getTime() / 1_000))
    return { 'calendly-webhook-signature': `t=${time},v1=${hmac(secret, `${time}.`, body).digest('hex')}` }
  },
} as const satisfies Record<string, Signer>

type Sent = { method?: string; headers?: Record<string, string>; body?: BodyInit | null }

/** Sends one request as it stands and follows no redirect. */
export function send(
  service: Pick<TestService, 'baseUrl'>,
  path: string,
  sent: Sent = {},
): Promise<Response> {
  const { method = 'POST', headers = {}, body = null } = sent
  return fetch(`${service.baseUrl}${path}`, { method, headers, body, redirect: 'manual' })
}

/** Checks that an answer is a problem of RFC 9457 of that kind, says nothing of anybody, and returns it. */
export async function expectProblem(answer: Response, status: number, code: string) {
  const text = await answer.text()
  expect([answer.status, text]).toEqual([status, expect.any(String)])
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  for (const value of Object.values(personal)) expect(text).not.toContain(value)
  const problem = JSON.parse(text) as {
    type: string
    title: string
    status: number
    detail: string
    errors?: { field: string; message: string }[]
  }
  expect(problem).toMatchObject({
    type: `urn:nurture:problem:${code}`,
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/\S/),
  })
  return problem
}

/**
 * Does by hand what a worker would until nothing is left to do: ticks, attempts, alerts, and the events they bring.
 * Deterministic, and free of the one alert a second that a worker allows itself.
 */
export async function settle({ ctx, sandbox }: Pick<TestService, 'ctx' | 'sandbox'>): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const { dispatches, alerts, readings } = await runTick(ctx)
    for (const { id } of readings) await readEvent(ctx, id)
    for (const { id } of dispatches) await sendDispatch(ctx, id)
    for (const { id } of alerts) await sendAlert(ctx, id)
    await sandbox.settle()
    if (dispatches.length + alerts.length + readings.length === 0) return
  }
  throw new Error('It does not come to rest')
}

/** Every capture of a source, oldest first. */
export function capturesOf({ ctx }: Pick<TestService, 'ctx'>, source: Pick<Source, 'id'>) {
  return ctx.db.select().from(captures).where(eq(captures.sourceId, source.id)).orderBy(asc(captures.id))
}

export function allLeads({ ctx }: Pick<TestService, 'ctx'>) {
  return ctx.db.select().from(leads)
}

/** A lead with all that happened to it, by address. */
export async function storyOf({ ctx }: Pick<TestService, 'ctx'>, email: string) {
  const lead = await findLeadByEmail(ctx.db, emailKey(email))
  if (!lead) throw new Error(`No lead ${email}`)
  return { lead, ...(await readTimeline(ctx.db, lead.id)) }
}

/** Mails that the sandbox took for an address, in whichever letter case it was last given, oldest first. */
export function mailsTo({ sandbox }: Pick<TestService, 'sandbox'>, address: string) {
  const wanted = address.toLowerCase()
  return sandbox.emails().filter(({ to }) => to.some((one) => one.toLowerCase().includes(wanted)))
}
