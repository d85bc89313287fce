import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono, type Context } from 'hono'
import { apiError, rateLimited } from './api-error.ts'
import type { SendRequest } from './arrival.ts'
import { authorize } from './authorize.ts'
import { receivedList, receivedView } from './received.ts'
import { errorReply, jsonReply, type Reply } from './reply.ts'
import { resendPage, resendView } from './resend-view.ts'
import { send } from './send.ts'
import type { SandboxState } from './state.ts'

type Env = { Bindings: HttpBindings }

export const toResponse = ({ status, headers, body }: Reply): Response =>
  new Response(body, { status, headers })

/** Resend's own endpoints. In: the sandbox's state. Out: routes to mount at the root. */
export function apiRoutes(state: SandboxState): Hono<Env> {
  const routes = new Hono<Env>()

  const sendTo = (path: SendRequest['path']) => async (c: Context<Env>) => {
    const body = Buffer.from(await c.req.arrayBuffer())
    const reply = await send(state, { path, header: (name) => c.req.header(name), body })
    if (reply !== 'drop') return toResponse(reply)
    c.env.incoming.socket.destroy()
    return RESPONSE_ALREADY_SENT
  }

  /** Checks that stand before the reading endpoints, then the answer. */
  const read = (answer: (c: Context<Env>) => Reply) => (c: Context<Env>) => {
    const credentials = {
      authorization: c.req.header('authorization'),
      userAgent: c.req.header('user-agent'),
    }
    const refusal = authorize(credentials, state.apiKey)
    if (refusal) return toResponse(errorReply(refusal))
    const limit = state.limit.take(Date.now())
    const reply = limit.allowed ? answer(c) : errorReply(rateLimited())
    return toResponse({ ...reply, headers: { ...reply.headers, ...limit.headers } })
  }

  const wrongVerb = read(() =>
    errorReply(apiError(405, 'method_not_allowed', 'This endpoint has other methods.')),
  )

  routes.post('/emails', sendTo('/emails'))
  routes.post('/emails/batch', sendTo('/emails/batch'))
  routes.get(
    '/emails',
    read((c) => {
      const { limit, after, before } = c.req.query()
      const page = resendPage(state.mailbox, { limit, after, before })
      return 'statusCode' in page ? errorReply(page) : jsonReply(JSON.stringify(page))
    }),
  )
  routes.all('/emails', wrongVerb)
  routes.all('/emails/batch', wrongVerb)
  // Before `/emails/:id`, which would take the word for an id.
  routes.get(
    '/emails/receiving',
    read(() => jsonReply(JSON.stringify(receivedList(state.received.values())))),
  )
  routes.get(
    '/emails/receiving/:id',
    read((c) => {
      const mail = state.received.get(c.req.param('id') ?? '')
      if (!mail) return errorReply(apiError(404, 'not_found', 'Email not found.'))
      return jsonReply(JSON.stringify(receivedView(mail)))
    }),
  )
  routes.all('/emails/receiving', wrongVerb)
  routes.all('/emails/receiving/:id', wrongVerb)
  routes.get(
    '/emails/:id',
    read((c) => {
      const email = state.mailbox.find(c.req.param('id') ?? '')
      if (!email) return errorReply(apiError(404, 'not_found', 'Email not found.'))
      return jsonReply(JSON.stringify(resendView(email)))
    }),
  )
  routes.all('/emails/:id', wrongVerb)
  return routes
}
