import { z } from 'zod'
import type { Context } from '../context.ts'
import type { DeliveryNews } from '../core/delivery.ts'
import { foldedEmailKey } from '../core/email-address.ts'
import { messageIds } from '../core/reply.ts'
import { quotaResetsAt } from '../core/provider-day.ts'
import { findLastAct } from '../store/audit.ts'
import type { Db } from '../store/db.ts'
import {
  advanceDelivery,
  countSoftBounces,
  type Delivery,
  dropGivenUp,
  findDelivery,
  findDeliveryByProviderId,
  noteGivenUp,
  noteMessageId,
  skippedReason,
} from '../store/deliveries.ts'
import { markProven } from '../store/dispatch-marks.ts'
import type { ProviderEvent } from '../store/events.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead, type Lead } from '../store/leads.ts'
import { acceptDeliveries } from './accept-deliveries.ts'
import type { EventResult } from './receive-event.ts'
import { holdEnrollments } from './hold-enrollments.ts'
import { pauseInside } from './pause.ts'
import { stopLead, suppressLead } from './stop-lead.ts'

/** The part of an event that we act on (resend.com/docs/webhooks/event-types); all else is kept in the raw body only. */
const resendEvent = z.object({
  type: z.string(),
  /** When it happened: it may reach us a day later. */
  created_at: z.string().pipe(z.coerce.date()).optional().catch(undefined),
  data: z.object({
    email_id: z.string().min(1),
    message_id: z.string().optional().catch(undefined),
    to: z.array(z.string()).optional().catch(undefined),
    /** When the provider took the mail; its formats vary. */
    created_at: z.string().pipe(z.coerce.date()).optional().catch(undefined),
    tags: z.record(z.string(), z.string()).optional().catch(undefined),
    bounce: z.object({ type: z.string(), subType: z.string().optional() }).optional().catch(undefined),
    failed: z.object({ reason: z.string() }).optional().catch(undefined),
  }),
})

/** Each of these is news only of a mail that was taken, so it proves acceptance too. */
const newsOf: Readonly<Record<string, DeliveryNews | 'accepted'>> = {
  'email.sent': 'sent',
  'email.delivery_delayed': 'accepted',
  'email.opened': 'accepted',
  'email.clicked': 'accepted',
  'email.delivered': 'delivered',
  'email.bounced': 'bounced',
  'email.complained': 'complained',
  'email.failed': 'failed',
  'email.suppressed': 'suppressed',
}
/** Each of these says that the mail is with the lead. */
const arrivals: ReadonlySet<string> = new Set([
  'email.delivered',
  'email.opened',
  'email.clicked',
  'email.complained',
])
const aboutLead: ReadonlySet<string> = new Set(['bounced', 'complained', 'suppressed'])
export const softBounceLimit = 3
const uuid = z.uuid()
type EventData = z.infer<typeof resendEvent>['data']

/**
 * Applies one event of Resend, in whichever order it comes, early ones included: it may arrive before our own record
 * of the call. The delivery is found by the provider's id, else by our tag; the tag alone does not tell which of its
 * mails is meant once a person had it sent again.
 */
export async function applyResendEvent(ctx: Context, tx: Db, event: ProviderEvent): Promise<EventResult> {
  const parsed = resendEvent.safeParse(parseJson(event.body))
  if (!parsed.success) return { status: 'ignored', reason: 'not about a mail', leadId: null }
  const { type, data, created_at: happenedAt = ctx.clock.now() } = parsed.data
  const news = Object.hasOwn(newsOf, type) ? newsOf[type] : undefined
  if (!news) return { status: 'ignored', reason: `type ${type.slice(0, 60)}`, leadId: null }
  const found = await findByEvent(tx, data)
  if (!found) return { status: 'ignored', reason: 'no delivery of ours', leadId: null }

  const lead = await findLead(tx, found.leadId)
  if (lead?.foldedKey) await lockAddress(tx, lead.foldedKey)
  // Read again under the lock: a person may have let it go again meanwhile.
  const delivery = (await findDelivery(tx, found.id))!
  const given = await judgeGivenUp(tx, delivery, { type, news, providerId: data.email_id })
  if (!given) await applyToDelivery(ctx, tx, delivery, news, { ...data, happenedAt })
  if (lead) await applyToLead(ctx, tx, lead, news, data)
  return given && !aboutLead.has(news)
    ? { status: 'ignored', reason: 'of a mail that a person gave up', leadId: delivery.leadId }
    : { status: 'applied', reason: null, leadId: delivery.leadId }
}

/**
 * True for news of a mail that a person gave up when they had the delivery sent again: nothing of it is news of the mail
 * that took its place. Only that it arrived after all is, while that one has not gone out. The note of which mails are
 * given up follows what the event tells.
 */
async function judgeGivenUp(
  tx: Db,
  { id, status, providerId, givenUp }: Delivery,
  event: { type: string; news: DeliveryNews | 'accepted'; providerId: string },
): Promise<boolean> {
  if (givenUp === null || providerId === event.providerId) return false
  if (providerId !== null) return true
  if (givenUp.includes(event.providerId)) {
    if (!arrivals.has(event.type)) return true
    await dropGivenUp(tx, id, event.providerId)
    return false
  }
  // What is not out again cannot have failed: this is what the person saw, or knew before we did.
  if (status !== 'waiting' || event.news !== 'failed') return false
  await noteGivenUp(tx, id, event.providerId)
  return true
}

async function applyToDelivery(
  ctx: Context,
  tx: Db,
  delivery: Delivery,
  news: DeliveryNews | 'accepted',
  data: EventData & { happenedAt: Date },
): Promise<void> {
  await acceptDeliveries(ctx, tx, [{ id: delivery.id, providerId: data.email_id }])
  await markProven(tx, delivery.id, data.created_at ?? null)
  const [messageId] = messageIds(data.message_id)
  if (messageId) await noteMessageId(tx, delivery.id, messageId)
  // A person who skips a mail has decided: that it failed asks nobody again.
  if (news === 'accepted' || (news === 'failed' && delivery.reason === skippedReason)) return
  const reason = data.bounce
    ? `${data.bounce.type}: ${data.bounce.subType ?? ''}`
    : (data.failed?.reason ?? null)
  const isNews = await advanceDelivery(tx, delivery.id, news, reason?.slice(0, 200) ?? null)
  if (!isNews || news !== 'failed') return
  await holdEnrollments(ctx, tx, [delivery.enrollmentId])
  await pauseForQuota(ctx, tx, reason, data.happenedAt)
}

/** What an event says about the address itself holds whichever mail it came with. */
async function applyToLead(
  ctx: Context,
  tx: Db,
  known: Lead,
  news: DeliveryNews | 'accepted',
  { bounce, to = [] }: EventData,
): Promise<void> {
  // Of an erased lead only the event knows the address: its word on it holds for whoever else has that mailbox.
  const [address] = to.length === 1 ? to : []
  const lead = known.erasedAt && address ? { ...known, foldedKey: foldedEmailKey(address) } : known
  if (news === 'complained') await suppressLead(ctx, tx, { lead, reason: 'complained', stop: 'complained' })
  if (news === 'suppressed') await suppressLead(ctx, tx, { lead, reason: 'provider', stop: 'suppressed' })
  if (news === 'bounced') {
    // Older samples report an address on the provider's own list as a bounce of this kind.
    const permanent = bounce?.type === 'Permanent' || bounce?.subType === 'Suppressed'
    if (permanent) await suppressLead(ctx, tx, { lead, reason: 'bounced', stop: 'bounced' })
    else if ((await countSoftBounces(tx, lead.id)) >= softBounceLimit)
      await stopLead(ctx, tx, { leadId: lead.id, reason: 'bounced' })
  }
}

/**
 * A mail that was taken and then failed for want of quota tells of all that would follow it: until the quota resets that
 * was used up then, and unless a person has let mail go again since.
 */
async function pauseForQuota(ctx: Context, tx: Db, reason: string | null, happenedAt: Date): Promise<void> {
  if (!reason || !/quota/i.test(reason)) return
  const resumedAt = await findLastAct(tx, 'resume', 'sending')
  if (resumedAt !== null && resumedAt >= happenedAt) return
  // Quotas reset by the wall clock, and the event was stamped by the domain's.
  const ageMs = Math.max(0, ctx.clock.now().getTime() - happenedAt.getTime())
  const resetsAt = /daily/i.test(reason) ? quotaResetsAt(new Date(Date.now() - ageMs)) : null
  if (resetsAt !== null && resetsAt.getTime() <= Date.now()) return
  await pauseInside(ctx, tx, { reason: reason.slice(0, 60), until: resetsAt?.toISOString() ?? null })
}

async function findByEvent(
  tx: Db,
  data: { email_id: string; tags?: Record<string, string> | undefined },
): Promise<Delivery | null> {
  const known = await findDeliveryByProviderId(tx, data.email_id)
  const tag = uuid.safeParse(data.tags?.delivery)
  return known ?? (tag.success ? findDelivery(tx, tag.data) : null)
}

function parseJson(body: Buffer | null): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '')
  } catch {
    return null
  }
}
