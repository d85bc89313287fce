import type { Context } from '../context.ts'
import { type Plan, replanStep } from '../core/schedule.ts'
import type { EncodedMail } from '../core/mail.ts'
import { partOf, type Sequence, stepOf } from '../core/sequence.ts'
import { addressMail, sealEnvelope } from '../mail/envelope.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { failDelivery } from '../store/deliveries.ts'
import { postponeDeliveries, replanDelivery } from '../store/due-deliveries.ts'
import { sealDispatches } from '../store/dispatches.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead } from '../store/leads.ts'
import { newId } from '../store/new-id.ts'
import { isHalted } from '../store/pause.ts'
import { findSuppressed } from '../store/suppressions.ts'
import { claimNext } from './claim-next.ts'
import { definitionsOf } from './definitions.ts'
import { holdEnrollments } from './hold-enrollments.ts'
import { keepGap } from './keep-gap.ts'
import { refreshCopy } from './refresh-copy.ts'
import { lockRoom, roomToSeal } from './room-to-seal.ts'
import { stopLead } from './stop-lead.ts'
import { type Obstacle, watchTemplates } from './watch-templates.ts'
import { zoneOf } from './zone-of.ts'

type Claimed = Awaited<ReturnType<typeof claimNext>>[number]
type Due = Claimed & { windowClosesAt: Date | null }
/** `mail` is one item of an envelope, in pieces. */
type Addressed = { due: Due; mail: string[] }
type Unrendered = { due: Due; error: string }
const nothing = { dealt: 0, sealed: 0 }

/**
 * Seals what is due, first mails first, as many envelopes as sending will soon take and no more: sealed mail must not
 * grow stale behind a rate limit. Claim and seal are one transaction, so nothing lies between waiting and sealed.
 * Returns how many deliveries it dealt with, and how many of them it sealed: none when there was nothing to do, or
 * sending is paused.
 */
export async function sealDue(ctx: Context): Promise<{ dealt: number; sealed: number }> {
  const [halted, room] = await Promise.all([isHalted(ctx.db), roomToSeal(ctx), refreshCopy(ctx)])
  if (halted || room.first + room.others === 0) return nothing
  const suppressed = new Set<string>()
  let sealed: ReturnType<typeof seal>[] = []
  const count = await inTransaction(ctx.db, async (tx) => {
    suppressed.clear()
    sealed = []
    const claimed = await claimNext(ctx, tx, await lockRoom(ctx, tx, room))
    if (claimed.length === 0) return nothing
    for (const leadId of await findSuppressedLeads(ctx, tx, claimed)) suppressed.add(leadId)
    const definitions = await definitionsOf({ db: tx }, claimed)
    const inWindow = await replanLate(
      ctx,
      tx,
      claimed.filter(({ lead }) => !suppressed.has(lead.id)),
      definitions,
    )
    const watch = await watchTemplates(ctx, tx)
    const blocked = new Map<string, { obstacle: Obstacle; ids: string[] }>()
    const mails: Addressed[] = []
    const unrendered: Unrendered[] = []
    for (const due of await keepGap(ctx, tx, inWindow)) {
      const definition = definitions.get(due.definitionHash)!
      const { template } = stepOf(definition, due.delivery.step)
      const obstacle = watch.obstacle(template)
      if (obstacle) {
        const alike = blocked.get(template) ?? { obstacle, ids: [] }
        blocked.set(template, alike)
        alike.ids.push(due.delivery.id)
        continue
      }
      try {
        const unsubscribeUrl = ctx.links.unsubscribe(due.delivery.id)
        const mail = render(ctx, due, definition, unsubscribeUrl)
        // Seldom a promise: waiting for nothing would be a good part of what a mail costs.
        mails.push({
          due,
          mail: address(ctx, due, mail instanceof Promise ? await mail : mail, unsubscribeUrl),
        })
        watch.worked(template)
      } catch (error) {
        watch.failed(template, errorName(error))
        unrendered.push({ due, error: errorName(error) })
      }
    }
    const held = await parkUnrendered(ctx, tx, unrendered)
    await watch.save()
    for (const { obstacle, ids } of blocked.values())
      await postponeDeliveries(tx, ids, obstacle.until, obstacle.reason)
    const going = mails.filter(({ due }) => !held.has(due.delivery.enrollmentId))
    sealed = groups(going).map((group) => seal(ctx, group))
    await sealDispatches(tx, sealed)
    return { dealt: claimed.length, sealed: going.length }
  })
  for (const { id, body } of sealed) ctx.sealedEnvelopes.keep(id, body)
  for (const leadId of suppressed) await stopSuppressed(ctx, leadId)
  return count
}

/**
 * Leads of what is due whose addresses are suppressed: the last gate, whichever way such an address came back. Their
 * mails wait on until the lead is stopped as a whole, a moment later: should this process die before, another finds them.
 */
async function findSuppressedLeads(ctx: Context, tx: Db, claimed: readonly Claimed[]): Promise<string[]> {
  const lookups = claimed.map((due) => ({ due, hashes: ctx.suppression.lookups(due.lead.foldedKey ?? '') }))
  const found = await findSuppressed(
    tx,
    lookups.flatMap(({ hashes }) => hashes),
  )
  return lookups
    .filter(({ hashes }) => hashes.some((hash) => found.has(hash.toString('hex'))))
    .map(({ due }) => due.lead.id)
}

async function stopSuppressed(ctx: Context, leadId: string): Promise<void> {
  const lead = await findLead(ctx.db, leadId)
  if (!lead?.foldedKey) return
  await inTransaction(ctx.db, async (tx) => {
    await lockAddress(tx, lead.foldedKey!)
    await stopLead(ctx, tx, { leadId, reason: 'suppressed' })
  })
}

/**
 * Moves what is outside its window to the next one, and what its lead has paused to after that; returns the rest, each with the end of the window it is in.
 * Windows are reckoned again, in the zone that the lead has now and with today's holidays: both may have changed since.
 */
async function replanLate(
  ctx: Context,
  tx: Db,
  claimed: readonly Claimed[],
  definitions: ReadonlyMap<string, Sequence>,
): Promise<Due[]> {
  const now = ctx.clock.now()
  const plans = new Map<string, Plan>()
  const inWindow: Due[] = []
  for (const due of claimed) {
    const { delivery, definitionHash, pausedUntil } = due
    const zone = zoneOf(ctx, due.lead)
    const earliest = pausedUntil !== null && pausedUntil > now ? pausedUntil : now
    const kind = `${definitionHash} ${delivery.step} ${zone} ${earliest.getTime()}`
    let plan = plans.get(kind)
    if (!plan) {
      plan = replanStep(
        stepOf(definitions.get(definitionHash)!, delivery.step).window,
        earliest,
        zone,
        ctx.config.brand.holidays,
      )
      plans.set(kind, plan)
    }
    if (plan.dueAt > now) await replanDelivery(tx, delivery.id, plan)
    else inWindow.push({ ...due, windowClosesAt: plan.windowClosesAt })
  }
  return inWindow
}

function render(
  ctx: Context,
  { delivery, lead, topical }: Due,
  definition: Sequence,
  unsubscribeUrl: string,
) {
  const { links } = ctx
  return ctx.renderer.encoded(stepOf(definition, delivery.step).template, {
    brand: ctx.config.brand,
    firstName: lead.firstName,
    unsubscribeUrl,
    // Signed only where the template asks for them: few have all.
    get bookingUrl() {
      return links.booking(delivery.id)
    },
    get callMeUrl() {
      return links.callMe(delivery.id)
    },
    get confirmUrl() {
      return links.confirm(delivery.enrollmentId)
    },
    topical,
    ...partOf(definition, delivery.step),
  })
}

function address(ctx: Context, { delivery, lead }: Due, mail: EncodedMail, unsubscribeUrl: string): string[] {
  const to = {
    email: lead.email!,
    deliveryId: delivery.id,
    step: delivery.step,
    unsubscribeUrl,
    replyAddress: ctx.links.replyAddress(delivery.id),
  }
  return addressMail(mail, to, ctx.config.brand)
}

/** A fault of rendering parks that delivery alone and holds its enrollment; the others go on. Returns what is held. */
async function parkUnrendered(
  ctx: Context,
  tx: Db,
  unrendered: readonly Unrendered[],
): Promise<ReadonlySet<string>> {
  for (const { due, error } of unrendered) {
    const { id, step } = due.delivery
    ctx.log.error({ delivery: id, step, error }, 'render failed, parked')
    await failDelivery(tx, id, 'parked', `could not be rendered: ${error}`)
  }
  const held = new Set(unrendered.map(({ due }) => due.delivery.enrollmentId))
  await holdEnrollments(ctx, tx, [...held])
  return held
}

/** Envelopes of first mails apart from the others, none larger than any of its members may share. */
function groups(mails: readonly Addressed[]): Addressed[][] {
  const byKind = new Map<string, Addressed[]>()
  for (const mail of mails) {
    const kind = `${mail.due.delivery.first} ${mail.due.delivery.groupLimit}`
    const alike = byKind.get(kind)
    if (alike) alike.push(mail)
    else byKind.set(kind, [mail])
  }
  return [...byKind.values()].flatMap((alike) => {
    const size = alike[0]!.due.delivery.groupLimit
    const chunks = Math.ceil(alike.length / size)
    return Array.from({ length: chunks }, (_, index) => alike.slice(index * size, (index + 1) * size))
  })
}

function seal(ctx: Context, group: readonly Addressed[]) {
  const closes = group.flatMap(({ due }) => due.windowClosesAt?.getTime() ?? [])
  return {
    id: newId(),
    deliveryIds: group.map(({ due }) => due.delivery.id),
    body: sealEnvelope(group.map(({ mail }) => mail)),
    first: group[0]!.due.delivery.first,
    sendBy: closes.length > 0 ? new Date(Math.min(...closes)) : null,
    sealedAt: ctx.clock.now(),
  }
}

/** The kind of an error, never its words: those may quote a lead. */
const errorName = (error: unknown) => (error instanceof Error ? error.name : 'unknown error')
