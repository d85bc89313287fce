import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditLog } from '../../drizzle/schema/index.ts'
import { captureLead } from '../../src/actions/capture-lead.ts'
import { pause } from '../../src/actions/pause.ts'
import { suppressLead } from '../../src/actions/stop-lead.ts'
import { realClock } from '../../src/cli/wire.ts'
import { emailKey } from '../../src/core/email-address.ts'
import { inTransaction } from '../../src/store/db.ts'
import { findLeadByEmail } from '../../src/store/leads.ts'
import { findPause } from '../../src/store/pause.ts'
import { insertClick } from '../../src/store/clicks.ts'
import { insertReply } from '../../src/store/replies.ts'
import { findSource } from '../../src/store/sources.ts'
import { readTimeline } from '../../src/store/timeline.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { run as runCommand, stopAll } from './support.ts'

const secrets = {
  APP_SECRET: 'an-app-secret-of-the-tests-0123456789abcdef',
  RESEND_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
}

// On the real clock, as the commands are: a database belongs to one kind of clock.
let service: TestService
beforeAll(async () => {
  service = await createTestService({ env: secrets, overrides: { clock: realClock } })
  await service.addSource({ createdAt: new Date() })
})
afterAll(async () => {
  await stopAll()
  await service?.stop()
})

const run = (...args: string[]) => runCommand(args, { ...secrets, DATABASE_URL: service.databaseUrl })

/** What it says when all is well. */
async function says(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

/** The one line in which it gives up. */
async function refuses(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args)
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^nurture: [^\n]+\n$/)])
  return stderr
}

const secretsOf = async (slug: string) => (await findSource(service.ctx.db, slug))!.secrets

async function capture(slug: string, fields: Record<string, string>, more: Record<string, string> = {}) {
  const source = (await findSource(service.ctx.db, slug))!
  const body = new Uint8Array(Buffer.from(JSON.stringify({ submission_id: randomUUID(), ...fields })))
  const headers = { 'content-type': 'application/json', ...more }
  return captureLead(service.ctx, { source, request: { method: 'POST', url: '', headers, body } })
}

describe('nurture', { timeout: 180_000 }, () => {
  test('--help, of all and of one; what it does not know is refused', async () => {
    const [all, one, unknown, missing, nobody] = await Promise.all([
      says('--help'),
      says('source', 'add', '--help'),
      refuses('nonsense'),
      refuses('source', 'add'),
      refuses('lead', 'show', 'nobody@lead.example'),
    ])
    for (const command of [
      'start',
      'demo',
      'sandbox',
      'upcoming',
      'parked',
      'replay',
      'source',
      'lead',
      'resume',
    ])
      expect(all).toContain(command)
    expect(one).toContain('nurture source add')
    expect(one).toContain('--name')
    expect(unknown).toContain('nonsense')
    expect(missing).toMatch(/adapter/i)
    expect(nobody).toContain('No lead has that address')
    expect(nobody).not.toContain('nobody@')
  })

  test('source add, list, secret: an address that takes leads', async () => {
    const added = await says('source', 'add', 'typeform', '--name', 'Contact page', '--topical')
    const [, slug] = /Address: http:\/\/\S+\/hooks\/leads\/(\S+)/.exec(added)!
    const [, secret] = /Secret:\s+(\S+)/.exec(added)!
    expect(secret!.length).toBeGreaterThanOrEqual(43)
    expect(await findSource(service.ctx.db, slug!)).toMatchObject({
      name: 'Contact page',
      adapter: 'typeform',
      secrets: [secret],
      topical: true,
    })
    const [shown, list, path, adapter, page, unknown] = await Promise.all([
      says('source', 'secret', slug!),
      says('source', 'list'),
      says('source', 'add', 'elementor', '--name', 'Old site'),
      refuses('source', 'add', 'carrier-pigeon', '--name', 'x'),
      refuses('source', 'add', 'html-form', '--name', 'x', '--thank-you', 'javascript:alert(1)'),
      refuses('source', 'secret', 'nowhere'),
    ])
    expect(shown).toBe(added)
    expect(list).toMatch(new RegExp(`${slug}\\s+typeform\\s+refused 0\\s+Contact page`))
    expect(list).not.toContain(secret)
    expect(path).toMatch(/\/hooks\/leads\/elementor-\w+\/\S{43}/)
    expect(adapter).toContain('standard-webhooks')
    expect(page).toContain('--thank-you')
    expect(unknown).toContain('nowhere')
  })

  test('source form: the sites that may send it, set, shown, and lifted', async () => {
    const site = 'https://clinic.example'
    const more = `--origin=https://www.clinic.example,${site}`
    const added = await says('source', 'add', 'html-form', '--name', 'Form', '--origin', `${site}/`, more)
    const [, slug] = /hooks\/leads\/(\S+)/.exec(added)! as unknown as [string, string]
    expect((await findSource(service.ctx.db, slug))!.origins).toEqual([site, 'https://www.clinic.example'])
    expect(await says('source', 'form', slug)).toBe(
      `Sites: ${site}, https://www.clinic.example\nProof of work: off\nDouble opt-in: off\n`,
    )
    expect(await says('source', 'form', slug, '--origin', site, '--proof-of-work', 'on')).toBe(
      `Sites: ${site}\nProof of work: on\nDouble opt-in: off\n`,
    )
    const [path, tool] = await Promise.all([
      refuses('source', 'form', slug, '--origin', `${site}/contact`),
      refuses('source', 'add', 'typeform', '--name', 'x', '--origin', site),
    ])
    expect(path).toContain('--origin')
    expect(tool).toContain('--origin')
    expect((await findSource(service.ctx.db, slug))!.origins).toEqual([site])
    expect(await says('source', 'form', slug, '--any-origin')).toBe(
      'Sites: any\nProof of work: on\nDouble opt-in: off\n',
    )
    expect(await findSource(service.ctx.db, slug)).toMatchObject({ origins: [], proofOfWork: true })
  })

  test('source alerts: shown, changed to one of three, and refused for two at once', async () => {
    expect(await says('source', 'alerts', 'website')).toContain('hears of its leads: at-once')
    expect(await refuses('source', 'alerts', 'website', '--digest', '--none')).toContain('--digest')
    expect(await refuses('source', 'alerts', 'nowhere', '--digest')).toContain('No source nowhere')
    expect(await says('source', 'alerts', 'website', '--digest')).toContain('hears of its leads: digest')
    expect(await findSource(service.ctx.db, 'website')).toMatchObject({ alerts: 'digest' })
    await says('source', 'alerts', 'website', '--at-once')
  })

  test('source rotate, retire: both secrets are good until the older one is retired', async () => {
    const added = await says('source', 'add', 'typeform', '--name', 'Rotated')
    expect(added).toMatch(/Typeform:\n {2}1\. .+\n {2}2\. .+\n {2}3\. /)
    const [, slug] = /hooks\/leads\/(\S+)/.exec(added)! as unknown as [string, string]
    const first = await secretsOf(slug)
    const rotated = await says('source', 'rotate', slug)
    const both = await secretsOf(slug)
    expect(both).toEqual([expect.any(String), ...first])
    expect(rotated).toContain(both[0])
    expect(rotated).not.toContain(first[0])
    const [again, own, short] = await Promise.all([
      refuses('source', 'rotate', slug),
      refuses('source', 'add', 'webflow', '--name', 'x'),
      refuses('source', 'add', 'webflow', '--name', 'x', '--secret', 'short'),
    ])
    expect(again).toContain('source retire')
    expect(own).toContain('--secret')
    expect(short).toContain('at least')
    await says('source', 'retire', slug)
    expect(await secretsOf(slug)).toEqual(both.slice(0, 1))
    expect(await refuses('source', 'retire', slug)).toContain('no older secret')
  })

  test('source fields, map, replay: a form that was misread is read again', async () => {
    const added = await says('source', 'add', 'bearer', '--name', 'Odd form')
    const [, slug] = /hooks\/leads\/(\S+)/.exec(added)! as unknown as [string, string]
    expect(await says('source', 'fields', slug)).toContain('Nothing came')
    const secret = (await secretsOf(slug))[0]!
    const sent = await Promise.all(
      ['odd-1@lead.example', 'odd-2@lead.example'].map((where) =>
        capture(slug, { where_to_write: where, who: 'Pat' }, { authorization: `Bearer ${secret}` }),
      ),
    )
    expect(sent.map(({ status }) => status)).toEqual(['parked', 'parked'])
    const seen = await says('source', 'fields', slug)
    expect(seen).toMatch(/where_to_write\s+-\n/)
    expect(seen).not.toContain('lead.example')
    const [nothing, target, field] = await Promise.all([
      refuses('source', 'map', slug),
      refuses('source', 'map', slug, 'shoe=where_to_write'),
      refuses('source', 'map', slug, 'email=elsewhere'),
    ])
    expect([nothing, target, field]).toEqual([
      expect.stringContaining('--confirm'),
      expect.stringContaining('postalCode'),
      expect.stringContaining('no field elsewhere'),
    ])
    expect(
      await says('source', 'map', slug, 'email=where_to_write', 'firstName=who', 'phone=none'),
    ).toContain(`source replay ${slug}`)
    expect((await findSource(service.ctx.db, slug))!.mapping).toEqual({
      email: 'where_to_write',
      firstName: 'who',
      phone: null,
    })
    expect(await says('source', 'fields', slug)).toMatch(/where_to_write\s+email\n/)
    expect(await says('source', 'replay', slug)).toBe('2 mapped\n')
    expect(await findLeadByEmail(service.ctx.db, 'odd-2@lead.example')).toMatchObject({ firstName: 'Pat' })
    expect(await says('source', 'replay', slug)).toContain('None')
    await says('source', 'map', slug, '--clear')
    expect((await findSource(service.ctx.db, slug))!.mapping).toBeNull()
  })

  test('lead show, stop, booked, erase', async () => {
    const people = ['show', 'stop', 'book', 'erase'].map((name) => `${name}@lead.example`)
    for (const email of people) await capture('website', { email, first_name: 'Pat' })
    const [show, stop, book, erase] = people as [string, string, string, string]
    const [shown, stopped, booked, erased] = await Promise.all([
      says('lead', 'show', show.toUpperCase()),
      says('lead', 'stop', stop),
      says('lead', 'booked', book),
      says('lead', 'erase', erase),
    ])
    expect(shown).toMatch(/captured from Website: enrolled/)
    expect(shown).toMatch(/lesson-1 waiting/)
    expect([stopped, booked]).toEqual(['Stopped.\n', 'Marked as booked.\n'])
    expect(erased).toContain('Erased')
    expect(await findLeadByEmail(service.ctx.db, emailKey(erase))).toBeNull()
    const [again, after, timeline] = await Promise.all([
      says('lead', 'stop', stop),
      refuses('lead', 'erase', erase),
      says('lead', 'show', book),
    ])
    expect(again).toBe('Nothing was running.\n')
    expect(after).toContain('No lead has that address')
    expect(timeline).toMatch(/stopped: booked/)
    const audits = await service.ctx.db.select().from(auditLog)
    const acts = audits.map(({ action }) => action).filter((action) => !action.includes('source'))
    expect(acts.sort()).toEqual(expect.arrayContaining(['erase', 'mark-booked', 'stop', 'stop']))
    expect(audits.every(({ actor }) => actor.startsWith('cli: '))).toBe(true)
    expect(JSON.stringify(audits)).not.toContain('lead.example')
  })

  test('replies, reply show and answered; clicks and credit in lead show', async () => {
    const email = 'answers@lead.example'
    await capture('website', { email })
    const { db } = service.ctx
    const lead = (await findLeadByEmail(db, emailKey(email)))!
    const { deliveries } = await readTimeline(db, lead.id)
    const deliveryId = deliveries[0]!.id
    await insertClick(db, { deliveryId, leadId: lead.id, discount: null, at: new Date() })
    await insertClick(db, { deliveryId, leadId: lead.id, discount: 'early', at: new Date() })
    const reply = {
      leadId: lead.id,
      deliveryId,
      matchedBy: 'address' as const,
      hintLeadId: null,
      sender: 'at.work@lead.example',
      subject: 'Re: hello',
      text: 'Could you\ncall on Friday?\u001b[31m',
      attachments: 2,
      messageId: null,
      dmarc: 'fail',
      receivedAt: new Date(),
    }
    const id = (await insertReply(db, { ...reply, externalId: randomUUID() }))!
    const unknown = { ...reply, leadId: null, deliveryId: null, matchedBy: null, hintLeadId: lead.id }
    await insertReply(db, { ...unknown, externalId: randomUUID() })
    const [list, shown, none, noId] = await Promise.all([
      says('replies'),
      says('reply', 'show', id),
      refuses('reply', 'show', randomUUID()),
      refuses('reply', 'answered', 'x'),
    ])
    expect(list).toContain(`${id}  `)
    expect(list).toContain(`${email}, from at.work@lead.example, to lesson-1; the sender may be forged`)
    expect(list).toContain('answers no mail that we know; the address of a lead')
    expect(list).toContain('Could you call on Friday?')
    expect(list).not.toContain('\u001b')
    expect(shown).toMatch(/Subject: Re: hello\nFiles, to be read at Resend: 2\n\nCould you\ncall on Friday/)
    expect([none, noId].every((line) => line.includes('No reply'))).toBe(true)
    expect(await says('reply', 'answered', id)).toBe('Off the list.\n')
    expect(await says('reply', 'answered', id)).toBe('It was off the list already.\n')
    expect(await says('replies')).not.toContain(id)
    await says('lead', 'booked', email)
    const story = await says('lead', 'show', email)
    expect(story).toContain('clicked the booking button of lesson-1\n')
    expect(story).toContain('clicked the booking button of lesson-1 (early: a program)')
    expect(story).toContain('answered lesson-1\n')
    expect(story).toContain('wrote, or somebody with their address (waits for an answer)')
    expect(story).toContain('booked (front-desk): credited to lesson-1, clicked; first came from Website')
  })

  test('upcoming, parked, replay', async () => {
    await capture('website', { email: 'soon@lead.example' })
    const result = await capture('website', { Kontakt: 'parked@lead.example' })
    expect(result.status).toBe('parked')
    const [soon, parked, far, none, noId] = await Promise.all([
      says('upcoming'),
      says('parked'),
      refuses('upcoming', '--days', '1e9'),
      refuses('replay', randomUUID()),
      refuses('replay', 'x'),
    ])
    expect(soon).toMatch(/lesson-1\s+soon@lead\.example/)
    expect(soon).toMatch(/\d+ in the next 7 days\.\n$/)
    expect(parked).toContain(result.captureId)
    expect(parked).not.toContain('parked@lead.example')
    expect(far).toContain('--days')
    for (const line of [none, noId]) expect(line).toContain('Nothing parked or suspected has the id')
    expect(await says('replay', result.captureId)).toBe('The capture is parked now.\n')
  })

  test('lead unsuppress, template resume', async () => {
    const email = 'lifted@lead.example'
    await capture('website', { email })
    const lead = (await findLeadByEmail(service.ctx.db, emailKey(email)))!
    await inTransaction(service.ctx.db, (tx) =>
      suppressLead(service.ctx, tx, { lead, reason: 'complained', stop: 'complained' }),
    )
    const [shown, noReason, notPaused, noTemplate] = await Promise.all([
      says('lead', 'show', email),
      refuses('lead', 'unsuppress', email),
      refuses('template', 'resume', 'lock-up'),
      refuses('template', 'resume', 'nonsense'),
    ])
    expect(shown).toMatch(/Suppressed since .+: complained\. Nothing is mailed\./)
    expect(noReason).toContain('because')
    expect(notPaused).toContain('not paused')
    expect(noTemplate).toContain('There are: lock-up')
    const lifted = await says('lead', 'unsuppress', email, '--because', 'A slip, says the person')
    expect(lifted).toContain('Lifted (complained)')
    expect(lifted).toContain('Resend may still refuse')
    const [after, again] = await Promise.all([
      says('lead', 'show', email),
      refuses('lead', 'unsuppress', email, '--because', 'A slip, says the person'),
    ])
    expect(after).toContain('A suppression was lifted')
    expect(after).not.toContain('Nothing is mailed')
    expect(again).toContain('not suppressed')
  })

  test('resume', async () => {
    await pause(service.ctx, { reason: 'test', until: null })
    expect(await says('resume')).toBe('Sending again.\n')
    expect(await findPause(service.ctx.db)).toBeNull()
  })
})
