import { Hono } from 'hono'
import { receiveEvent } from '../../actions/receive-event.ts'
import { verifyStandardWebhook } from '../../capture/standard-webhook.ts'
import type { Context } from '../../context.ts'
import { inboundRequest } from '../inbound.ts'

/** Where Resend reports what became of mail. Types we do not know are stored too: new ones appear often. */
export function resendHooks(ctx: Context): Hono {
  return new Hono().post('/hooks/resend', async (c) => {
    const request = await inboundRequest(ctx, c)
    verifyStandardWebhook(request, ctx.config.resend.webhookSecrets, new Date(), 'svix-')
    await receiveEvent(ctx, { provider: 'resend', eventId: request.headers['svix-id']!, body: request.body })
    return c.json({ received: true })
  })
}
