import { z } from 'zod'
import type { Context } from '../context.ts'
import { hideTokens } from '../core/hide-tokens.ts'
import { Problem } from '../core/problem.ts'
import { partOf, stepOf } from '../core/sequence.ts'
import { decodeMail } from '../mail/encode-mail.ts'
import { type Delivery, findDelivery } from '../store/deliveries.ts'
import { readSentMail } from '../store/kept-mails.ts'
import { findEnrollment } from '../store/enrollments.ts'
import { findLead } from '../store/leads.ts'
import { definitionOf } from './definitions.ts'

/**
 * A mail to look at. `kept`: word for word as it was sealed for the provider. `today`: as the template and its words
 * are now, for one that waits or of which no copy is kept any more.
 */
export type MailToSee = {
  copy: 'kept' | 'today'
  from: string
  to: string
  subject: string
  html: string
  text: string
}

const sealed = z.object({
  from: z.string(),
  to: z.array(z.string()).min(1),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
})

/**
 * The mail of a delivery, with no link of ours that still acts.
 * Throws Problem `not-found` when this lead has no such delivery, or it was erased.
 */
export async function readMail(
  ctx: Context,
  input: { leadId: string; deliveryId: string },
): Promise<MailToSee> {
  const delivery = await findDelivery(ctx.db, input.deliveryId)
  if (delivery?.leadId !== input.leadId) throw new Problem('not-found', 'This lead has no such mail.')
  const kept = sealed.safeParse(await readSentMail(ctx.db, delivery))
  if (!kept.success) return harmless(await asToday(ctx, delivery))
  const { to, ...mail } = kept.data
  return harmless({ ...mail, copy: 'kept', to: to[0]! })
}

async function asToday(ctx: Context, delivery: Delivery): Promise<MailToSee> {
  const lead = await findLead(ctx.db, delivery.leadId)
  const enrollment = await findEnrollment(ctx.db, delivery.enrollmentId)
  if (!lead?.email || !enrollment)
    throw new Problem('not-found', 'Nothing is left of this mail: it was erased.')
  const definition = await definitionOf(ctx, enrollment.definitionHash)
  const { template } = stepOf(definition, delivery.step)
  const { brand } = ctx.config
  const mail = await ctx.renderer.encoded(template, {
    brand,
    firstName: lead.firstName,
    bookingUrl: ctx.links.booking(delivery.id),
    unsubscribeUrl: ctx.links.unsubscribe(delivery.id),
    callMeUrl: ctx.links.callMe(delivery.id),
    confirmUrl: ctx.links.confirm(enrollment.id),
    topical: enrollment.topical,
    ...partOf(definition, delivery.step),
  })
  return { copy: 'today', from: brand.from, to: lead.email, ...decodeMail(mail) }
}

const harmless = (mail: MailToSee): MailToSee => ({
  ...mail,
  html: hideTokens(mail.html),
  text: hideTokens(mail.text),
})
