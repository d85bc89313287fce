import { Resend } from 'resend'
import { z } from 'zod'
import { messageIds, type ReceivedMail, type ReceivedReading } from '../core/reply.ts'
import { quotaResetsAt } from '../core/provider-day.ts'
import { withStatus } from './http-status.ts'
import type { Mailer, SendResult } from './mailer.ts'
import { textOf } from './render-text.ts'

const batchAnswer = z.object({
  data: z.array(z.object({ id: z.string().min(1) })),
  errors: z.array(z.object({ index: z.number().int().nonnegative(), message: z.string() })).optional(),
})
const singleAnswer = z.object({ id: z.string().min(1) })
const errorAnswer = z
  .object({
    name: z.string().catch('unnamed'),
    statusCode: z.number().int().nullable().catch(null),
  })
  .catch({ name: 'unnamed', statusCode: null })

/**
 * Refusals by which the provider says that it took nothing (resend.com/docs/api-reference/errors).
 * A name that is not here proves nothing, whatever its status.
 */
const contentRefusals = new Set([
  'validation_error',
  'missing_required_field',
  'missing_required_parameter',
  'invalid_parameter',
  'invalid_attachment',
  'invalid_idempotency_key',
])
/** Refusals by which it took nothing either, but for a reason that holds for every mail of ours alike. */
const accountRefusals = new Set([
  'missing_api_key',
  'invalid_api_key',
  'restricted_api_key',
  'suspended_api_key',
  'invalid_permission',
  'security_error',
  'invalid_from_address',
  'invalid_access',
  'invalid_region',
  'not_found',
  'method_not_allowed',
])
/** Whatever name comes with them: a time-out, a conflict, a call too early and one too many may each have got through. */
const ambiguousStatuses = new Set([408, 409, 425, 429])
/** The provider's list (resend.com/docs/api-reference/emails/list-emails): neither it nor a mail of it shows tags. */
const listAnswer = z.object({
  has_more: z.boolean().catch(false),
  data: z.array(z.object({ id: z.string().min(1), to: z.array(z.string()), created_at: z.string() })),
})
const mailAnswer = z.object({ html: z.string().nullish(), text: z.string().nullish() })
/** A mail that came in (resend.com/docs/api-reference/emails/retrieve-received-email). */
const receivedAnswer = z.object({
  id: z.string().min(1),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()).nullish(),
  received_for: z.array(z.string()).nullish(),
  subject: z.string().nullish(),
  text: z.string().nullish(),
  html: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish().catch(null),
  message_id: z.string().nullish(),
  authentication: z.object({ dmarc: z.string().nullish() }).nullish().catch(null),
  attachments: z.array(z.unknown()).nullish(),
})
/** Calls for one question: the list is shared with all other mail of the account, and so is the rate. */
const pageLimit = 3
const candidateLimit = 2
/** The provider's clock may be behind ours. */
const skewMs = 60_000

/** More than this of a mail's HTML is not turned into text. */
const htmlLimit = 200_000

/** A rate limit lasts seconds; who asks for more than this is not believed. */
const longestWaitMs = 3_600_000

/** Mails through Resend's SDK, or through anything that answers like Resend at `baseUrl`. */
export function createResendMailer(options: {
  apiKey: string
  baseUrl: string
  timeoutMs: number
  /** Wall time: quotas reset by it. */
  now: () => Date
  /** Waits until a question may be asked: those are calls of the same limit that mail is sent with. */
  awaitTurn: () => Promise<void>
}): Mailer {
  const resend = new Resend(options.apiKey, { baseUrl: options.baseUrl })
  async function post(
    path: string,
    key: string,
    body: Uint8Array,
    parse: (data: unknown) => Accepted,
  ): Promise<SendResult> {
    // The SDK spreads these options over its own, so the sealed bytes replace the body it would encode.
    const request = {
      ...uncopied(body),
      idempotencyKey: key,
      headers: { 'x-batch-validation': 'permissive', 'content-length': String(body.length) },
      signal: AbortSignal.timeout(options.timeoutMs),
    }
    const { answer, status } = await withStatus(key, () => resend.post<unknown>(path, undefined, request))
    const { data, error, headers } = answer as { data: unknown; error: unknown; headers: AnswerHeaders }
    if (error !== null) return judgeError(error, status, headers, options.now())
    const accepted = parse(data)
    return accepted
      ? { ...unknownResult(status, null), outcome: 'accepted', ...accepted, dailyUsed: dailyUsed(headers) }
      : unknownResult(status, null)
  }
  async function get<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
    await options.awaitTurn()
    const answer = await resend.get<unknown>(path, { signal: AbortSignal.timeout(options.timeoutMs) })
    return schema.safeParse(answer.data).data ?? null
  }
  async function findTaken(search: { to: string; mark: string; since: Date }): Promise<string | null> {
    let candidates = 0
    let after = ''
    for (let page = 0; page < pageLimit; page++) {
      const list = await get(`/emails?limit=100${after}`, listAnswer)
      for (const { id, to, created_at } of list?.data ?? []) {
        if (Date.parse(created_at) < search.since.getTime() - skewMs) return null
        if (!to.includes(search.to) || ++candidates > candidateLimit) continue
        const mail = await get(`/emails/${encodeURIComponent(id)}`, mailAnswer)
        if (mail && `${mail.html} ${mail.text}`.includes(search.mark)) return id
      }
      const last = list?.data.at(-1)
      if (!list?.has_more || !last) return null
      after = `&after=${encodeURIComponent(last.id)}`
    }
    return null
  }
  async function readReceived(id: string): Promise<ReceivedReading> {
    await options.awaitTurn()
    const signal = AbortSignal.timeout(options.timeoutMs)
    const { data, error } = await resend.emails.receiving.get(id, {}, { signal })
    const parsed = receivedAnswer.safeParse(data)
    if (!parsed.success) {
      const { name, statusCode } = errorAnswer.parse(error ?? { name: 'another shape than expected' })
      return { outcome: 'failed', reason: `Resend: ${statusCode ?? 'no answer'} ${name}`.slice(0, 200) }
    }
    return { outcome: 'read', mail: receivedMail(parsed.data) }
  }
  return {
    findTaken,
    readReceived,
    sendBatch: (key, body) =>
      post('/emails/batch', key, body, (data) => {
        const { success, data: answer } = batchAnswer.safeParse(data)
        return success ? { ids: answer.data.map(({ id }) => id), refused: answer.errors ?? [] } : null
      }),
    sendOne: (key, mail) =>
      post('/emails', key, Buffer.from(JSON.stringify(mail)), (data) => {
        const { success, data: answer } = singleAnswer.safeParse(data)
        return success ? { ids: [answer.id], refused: [] } : null
      }),
  }
}

function receivedMail(answer: z.infer<typeof receivedAnswer>): ReceivedMail {
  const { id, from, to, cc, received_for, headers, message_id, text, html } = answer
  const byName = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const [messageId = null] = messageIds(message_id ?? undefined)
  return {
    id,
    from: /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim(),
    to: [...(received_for ?? []), ...to, ...(cc ?? [])].map((one) => /<([^<>]+)>\s*$/.exec(one)?.[1] ?? one),
    subject: answer.subject ?? '',
    text: text?.trim() ? text : html ? textOf(html.slice(0, htmlLimit)) : '',
    headers: Object.fromEntries(byName) as Record<string, string>,
    messageId,
    dmarc: answer.authentication?.dmarc ?? null,
    attachments: answer.attachments?.length ?? 0,
  }
}

/**
 * A body that `fetch` hands to the socket as it is: one of bytes is copied twice on the way, which for an envelope of 3 MB
 * costs more than all else about it. Its length has to be named, or it would go out in chunks.
 */
function uncopied(body: Uint8Array): { body: ReadableStream<Uint8Array>; duplex: 'half' } {
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(body)
      controller.close()
    },
  })
  return { body: stream, duplex: 'half' }
}

type Accepted = Pick<SendResult, 'ids' | 'refused'> | null
type AnswerHeaders = Record<string, string> | null

function unknownResult(statusCode: number | null, errorName: string | null): SendResult {
  return {
    outcome: 'unknown',
    statusCode,
    errorName,
    ids: [],
    refused: [],
    retryAfterMs: null,
    trouble: null,
    dailyUsed: null,
  }
}

function judgeError(error: unknown, status: number | null, headers: AnswerHeaders, now: Date): SendResult {
  const said = errorAnswer.parse(error)
  const { name } = said
  const statusCode = status ?? said.statusCode
  const result = {
    ...unknownResult(statusCode, name),
    retryAfterMs: retryAfter(headers),
    dailyUsed: dailyUsed(headers),
  }
  const refused = { ...result, outcome: 'refused' as const }
  if (statusCode === 429 && name === 'rate_limit_exceeded') return { ...result, outcome: 'rate-limited' }
  if (statusCode === 429 && name === 'daily_quota_exceeded')
    return { ...refused, trouble: { reason: name, until: quotaResetsAt(now) } }
  if (statusCode === 429 && name === 'monthly_quota_exceeded')
    return { ...refused, trouble: { reason: name, until: null } }
  const trouble = { reason: accountRefusals.has(name) ? name : `${name} ${statusCode}`, until: null }
  // A 403 validation_error is about the sender's domain, so it is trouble of the account too.
  if (statusCode === 401 || statusCode === 403) {
    const known = accountRefusals.has(name) || name === 'validation_error'
    return { ...(known ? refused : result), trouble }
  }
  const refusal =
    statusCode !== null && statusCode >= 400 && statusCode < 500 && !ambiguousStatuses.has(statusCode)
  if (refusal && accountRefusals.has(name)) return { ...refused, trouble }
  return refusal && contentRefusals.has(name) ? refused : result
}

function retryAfter(headers: AnswerHeaders): number | null {
  const seconds = Number(headers?.['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, longestWaitMs) : null
}

/** Used so far today; only a plan with a daily quota has the header (resend.com/docs/api-reference/rate-limit). */
function dailyUsed(headers: AnswerHeaders): number | null {
  const used = Number(headers?.['x-resend-daily-quota'] ?? Number.NaN)
  return Number.isInteger(used) && used >= 0 ? used : null
}
