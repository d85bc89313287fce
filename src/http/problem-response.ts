import type { Context as HonoContext } from 'hono'
import { html } from 'hono/html'
import type { FieldError, Problem, ProblemCode } from '../core/problem.ts'

type Status = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503

const titles: Readonly<Record<ProblemCode, [status: Status, title: string]>> = {
  malformed: [400, 'The body cannot be read'],
  invalid: [422, 'A field is not valid'],
  unmappable: [422, 'The body has another shape than expected'],
  unauthorized: [401, 'The signature or secret is missing or wrong'],
  stale: [401, 'The request is too old or too new'],
  forbidden: [403, 'This page may not send this form'],
  'not-found': [404, 'Not found'],
  'wrong-method': [405, 'This address takes another method'],
  'too-large': [413, 'The body is too large'],
  unsupported: [415, 'The content type is not supported'],
  conflict: [409, 'This cannot be done now'],
  'too-many': [429, 'Please send it a little later'],
  busy: [503, 'Try again later'],
  config: [500, 'The service is not set up for this'],
}

const retryAfterSeconds = '10'

/** A person at a form can mend these, and only these, by going back to it. */
const mendable: ReadonlySet<ProblemCode> = new Set(['malformed', 'invalid', 'too-large', 'unsupported'])
const keptInForm = 'What you wrote is still in the form.'

/** Answers with a problem: RFC 9457 JSON, or a page for a browser that asks for one. */
export function problemResponse(c: HonoContext, problem: Problem): Response | Promise<Response> {
  const [status, title] = titles[problem.code]
  const advice = mendable.has(problem.code)
    ? `Go back, correct it, and send it again. ${keptInForm}`
    : problem.code === 'too-many'
      ? `You can go back: ${keptInForm.toLowerCase()}`
      : null
  if (problem.retryAfterSeconds !== null) c.header('retry-after', String(problem.retryAfterSeconds))
  else if (status === 503) c.header('retry-after', retryAfterSeconds)
  return answer(c, { ...problem, status, title, detail: problem.message, advice })
}

/** Answers that it is our fault and says no more: whoever sent it should send it again. */
export function unavailableResponse(c: HonoContext): Response | Promise<Response> {
  c.header('retry-after', retryAfterSeconds)
  return answer(c, {
    code: 'unavailable',
    status: 503,
    title: 'Try again later',
    detail: 'This could not be done just now, and nothing of it was kept. Send it again in a moment.',
    fields: [],
    advice: null,
  })
}

type Answer = {
  code: string
  status: Status
  title: string
  detail: string
  fields: readonly FieldError[]
  advice: string | null
}

function answer(c: HonoContext, { code, status, title, detail, fields, advice }: Answer) {
  if (wantsPage(c)) {
    const body = html`<h1>${title}</h1>
      <p class="error">${detail}</p>
      ${
        fields.length > 0 &&
        html`<ul class="errors">
          ${fields.map(({ field, message }) => html`<li><strong>${field}</strong>: ${message}</li>`)}
        </ul>`
      }
      ${advice && html`<p>${advice}</p>`}`
    c.status(status)
    return c.render(body, { title })
  }
  const errors = fields.length > 0 ? { errors: fields } : {}
  const body = { type: `urn:nurture:problem:${code}`, title, status, detail, ...errors }
  return c.body(JSON.stringify(body), status, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  })
}

/** A browser navigating names HTML first; a webhook or a script does not. */
export function wantsPage(c: HonoContext): boolean {
  return (c.req.header('accept') ?? '').split(',')[0]!.includes('text/html')
}
