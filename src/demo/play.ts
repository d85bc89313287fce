import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Sandbox } from '../mail/sandbox/sandbox.ts'
import { nextDueAt } from '../store/due-deliveries.ts'
import { isIdle } from '../store/idle.ts'
import type { CastMember } from './cast.ts'
import type { LapseClock } from './lapse-clock.ts'
import { demoPayload } from './provider-payloads.ts'
import { signedRequest } from './providers.ts'

/** The stage: real processes on real ports. `secrets` are those of each provider. */
export type Stage = {
  ctx: Context
  clock: LapseClock
  sandbox: Sandbox
  baseUrl: string
  secrets: Readonly<Record<string, string>>
  say: (line: string) => void
}

const pollMs = 10
const idleWithinMs = 30_000

/** Sends every lead's form, then lets time jump from one due moment to the next until nothing is left to come. */
export async function play(stage: Stage, cast: readonly CastMember[]): Promise<void> {
  for (const member of cast) await sendForm(stage, member)
  const acted = new Set<CastMember>()
  let reported = 0
  for (;;) {
    await untilIdle(stage)
    reported = reportMails(stage, reported)
    let moved = false
    for (const member of cast) {
      if (!member.act || acted.has(member) || mailsTo(stage, member).length < member.act.after) continue
      acted.add(member)
      moved = true
      await (member.act.kind === 'books' ? book : unsubscribe)(stage, member)
    }
    if (moved) continue
    const next = await nextDueAt(stage.ctx.db)
    if (!next) return
    stage.clock.jumpTo(next)
    stage.ctx.wake()
  }
}

/** Mails that the sandbox took for a lead, oldest first. */
export function mailsTo({ sandbox }: Stage, member: CastMember) {
  return sandbox.emails().filter(({ to }) => to.includes(member.email))
}

/** Waits until every mail that is due is sent, its events are applied, and no alert is on its way. */
async function untilIdle({ ctx, clock, sandbox }: Stage): Promise<void> {
  const giveUp = Date.now() + idleWithinMs
  for (;;) {
    await sandbox.settle()
    if (await isIdle(ctx.db, clock.now())) return
    if (Date.now() > giveUp) throw new Error(`Nothing moved for ${idleWithinMs / 1000} s: see the log above.`)
    await sleep(pollMs)
  }
}

async function sendForm(stage: Stage, member: CastMember): Promise<void> {
  const { provider, firstName, lastName, email, phone, timeZone } = member
  const person = { id: `demo-${firstName.toLowerCase()}`, firstName, lastName, email, phone }
  const payload = demoPayload(provider, person, stage.clock.now())
  const secret = stage.secrets[provider] ?? ''
  const request = signedRequest(
    provider,
    timeZone ? { ...payload, time_zone: timeZone } : payload,
    secret,
    new Date(),
  )
  await post(`${stage.baseUrl}/hooks/leads/demo-${provider}${request.pathSuffix}`, request)
  stage.say(`${firstName} fills in a form (${provider})`)
}

/** A mail of ours is read in two minutes or three. */
const readingMs = 3 * 60_000

async function book(stage: Stage, member: CastMember): Promise<void> {
  const { firstName, lastName, email, phone } = member
  // As long as reading takes: who clicks at once is taken for a program that tries links.
  stage.clock.jumpTo(new Date(stage.clock.now().getTime() + readingMs))
  const link = /https?:\/\/\S+\/book\/[\w-]+/.exec(mailsTo(stage, member).at(-1)?.text ?? '')?.[0]
  if (!link) throw new Error('The mail has no booking button.')
  const person = {
    id: `demo-${firstName.toLowerCase()}`,
    firstName,
    lastName,
    email,
    phone,
    token: (await follow(link)).searchParams.get('utm_content') ?? '',
  }
  const payload = demoPayload('calendly', person, stage.clock.now())
  await post(
    `${stage.baseUrl}/hooks/bookings/calendly`,
    signedRequest('calendly', payload, stage.secrets.calendly!, new Date()),
  )
  stage.say(`${firstName} books a call (signed Calendly webhook)`)
}

async function unsubscribe(stage: Stage, member: CastMember): Promise<void> {
  const header = mailsTo(stage, member).at(-1)?.headers['List-Unsubscribe'] ?? ''
  const url = /<(https?:[^>]+)>/.exec(header)?.[1]
  if (!url) throw new Error('The mail has no List-Unsubscribe header.')
  await post(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  stage.say(`${member.firstName} unsubscribes (one click in the mail program)`)
}

/** Follows a booking button as a browser does; returns the booking page's address. */
async function follow(link: string): Promise<URL> {
  const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0 Safari/537.36' }
  const answer = await fetch(link, { headers, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? '')
}

async function post(
  url: string,
  request: { method: string; headers: Record<string, string>; body: string },
): Promise<void> {
  const { method, headers, body } = request
  const answer = await fetch(url, { method, headers, body, redirect: 'manual' })
  if (answer.status >= 400)
    throw new Error(`${new URL(url).pathname} answered ${answer.status}: ${await answer.text()}`)
}

function reportMails(stage: Stage, reported: number): number {
  const mails = stage.sandbox.emails()
  for (const mail of mails.slice(reported))
    stage.say(`  ${mail.acceptedAt.slice(0, 16).replace('T', ' ')} UTC  ${mail.subject}  → ${mail.to.join()}`)
  return mails.length
}
