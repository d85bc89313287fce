import { Hono } from 'hono'
import { guardHook } from '../../actions/guard-hook.ts'
import { receiveEvent } from '../../actions/receive-event.ts'
import { verifyStandardWebhook } from '../../capture/standard-webhook.ts'
import type { Context } from '../../context.ts'
import { receivedEvents } from '../../core/reply.ts'
import { inboundRequest } from '../inbound.ts'
import { wrongMethod } from '../wrong-method.ts'

/** Where Resend reports what became of mail. Types we do not know are stored too: new ones appear often. */
export function resendHooks(ctx: Context): Hono {
  const guard = guardHook(ctx)
  const app = new Hono()
  app.post('/hooks/resend', async (c) => {
    const request = await inboundRequest(ctx, c)
    const secrets = ctx.config.resend.webhookSecrets
    await guard('resend', true, () => verifyStandardWebhook(request, secrets, new Date(), 'svix-'))
    const provider = isReceived(request.body) ? receivedEvents : 'resend'
    await receiveEvent(ctx, { provider, eventId: request.headers['svix-id']!, body: request.body })
    return c.json({ received: true })
  })
  app.all('/hooks/resend', (c) => wrongMethod(c))
  return app
}

/** True for the event of a mail that came in. Looked for first: parsing each of a million others for it is dear. */
function isReceived(body: Uint8Array): boolean {
  if (!Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes('"email.received"')) return false
  try {
    return (JSON.parse(Buffer.from(body).toString()) as { type?: unknown } | null)?.type === 'email.received'
  } catch {
    return false
  }
}
