import type { Context as HonoContext } from 'hono'
import { html } from 'hono/html'
import type { Problem, ProblemCode } from '../core/problem.ts'
import { page } from './page.ts'

const titles: Readonly<
  Record<ProblemCode, [status: 400 | 401 | 404 | 409 | 413 | 415 | 422 | 500, title: string]>
> = {
  malformed: [400, 'The body cannot be read'],
  invalid: [422, 'A field is not valid'],
  unmappable: [422, 'The body has another shape than expected'],
  unauthorized: [401, 'The signature or secret is missing or wrong'],
  stale: [401, 'The request is too old or too new'],
  'not-found': [404, 'Not found'],
  'too-large': [413, 'The body is too large'],
  unsupported: [415, 'The content type is not supported'],
  conflict: [409, 'This cannot be done now'],
  config: [500, 'The service is not set up for this'],
}

/** Answers with a problem: RFC 9457 JSON, or a page for a browser that asks for one. */
export function problemResponse(c: HonoContext, problem: Problem): Response | Promise<Response> {
  const [status, title] = titles[problem.code]
  if (wantsPage(c)) {
    const body = html`<h1>${title}</h1>
      <p class="error">${problem.message}</p>
      ${problem.fields.map(({ field, message }) => html`<p><strong>${field}</strong>: ${message}</p>`)}
      <p>Go back, correct it, and send it again. What you wrote is still in the form.</p>`
    return c.html(page(title, body), status)
  }
  const answer = {
    type: `urn:nurture:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    ...(problem.fields.length > 0 ? { errors: problem.fields } : {}),
  }
  return c.body(JSON.stringify(answer), status, { 'content-type': 'application/problem+json' })
}

/** A browser navigating names HTML first; a webhook or a script does not. */
export function wantsPage(c: HonoContext): boolean {
  return (c.req.header('accept') ?? '').split(',')[0]!.includes('text/html')
}
