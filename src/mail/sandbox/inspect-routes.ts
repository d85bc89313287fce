import { Hono } from 'hono'
import { Problem } from '../../core/problem.ts'
import { apiError } from './api-error.ts'
import type { SandboxEmail } from './email.ts'
import type { Fault } from './fault.ts'
import { goesTo } from './mailbox.ts'
import type { SandboxState } from './state.ts'

/** A JSON array of any length: a mailbox of full mails can be longer than a string may be. */
function jsonArray(emails: readonly SandboxEmail[]): Response {
  let next = 0
  const encoder = new TextEncoder()
  const stream = new ReadableStream({
    pull(controller) {
      const part = emails.slice(next, next + 200).map((email) => JSON.stringify(email))
      const text = `${next === 0 ? '[' : part.length > 0 ? ',' : ''}${part.join(',')}`
      next += 200
      controller.enqueue(encoder.encode(next < emails.length ? text : `${text}]`))
      if (next >= emails.length) controller.close()
    },
  })
  return new Response(stream, { headers: { 'content-type': 'application/json; charset=utf-8' } })
}

/** What tests and tools read and steer over HTTP. In: the sandbox's state. Out: routes to mount at `/sandbox`. */
export function inspectRoutes(state: SandboxState): Hono {
  const routes = new Hono()

  routes.get('/health', (c) =>
    c.json({ status: 'ok', emails: state.mailbox.all().length, pendingEvents: state.webhooks.pending }),
  )

  routes.get('/emails', (c) => {
    const { to, after } = c.req.query()
    const from = after === undefined ? 0 : state.mailbox.positionOf(after) + 1
    if (after !== undefined && from === 0)
      return c.json(apiError(404, 'not_found', '`after` is not the id of a mail.'), 404)
    const emails = state.mailbox.all().slice(from)
    return jsonArray(to ? emails.filter((email) => goesTo(email, to)) : emails)
  })

  routes.delete('/emails', (c) => {
    // Keys and attempts stay: they say what was accepted, whether anyone still looks at it or not.
    state.journal?.add({ kind: 'emptied' })
    state.mailbox.empty()
    state.received.clear()
    return c.body(null, 204)
  })

  routes.get('/emails/:id', (c) => {
    const email = state.mailbox.find(c.req.param('id'))
    return email ? c.json(email) : c.json(apiError(404, 'not_found', 'No mail has this id.'), 404)
  })

  routes.get('/attempts', (c) => c.json(state.attempts))

  routes.get('/faults', (c) => c.json(state.faults.list()))

  routes.post('/faults', async (c) => {
    // Another site's form can post text to localhost, but not JSON: so only JSON is read.
    if (!c.req.header('content-type')?.startsWith('application/json'))
      return c.json(apiError(415, 'unsupported', 'Send the fault as application/json.'), 415)
    try {
      state.faults.add((await c.req.json()) as Fault)
    } catch (error) {
      if (error instanceof Problem)
        return c.json({ ...apiError(422, 'invalid', error.message), fields: error.fields }, 422)
      if (error instanceof SyntaxError) return c.json(apiError(400, 'malformed', 'This is not JSON.'), 400)
      throw error
    }
    return c.json(state.faults.list(), 201)
  })

  routes.delete('/faults', (c) => {
    state.faults.clear()
    return c.body(null, 204)
  })

  routes.post('/events/release', (c) => c.json({ released: state.webhooks.release() }))

  return routes
}
