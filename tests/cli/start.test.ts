import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../src/cli/free-port.ts'
import type { SandboxEmail } from '../../src/mail/sandbox/email.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { nurture, run, stopAll } from './support.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await stopAll()
  await database.drop()
})

const secrets = {
  APP_SECRET: 'an-app-secret-of-the-tests-0123456789abcdef',
  RESEND_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
}

const live = {
  ...secrets,
  RESEND_API_KEY: 're_x',
  HEALTH_MAIL_DECISION: '2026-11-22 Dr. Lee: general education only',
  PUBLIC_URL: 'https://nurture.clinic.example',
  CLINIC_NAME: 'Main Line Physio',
  CLINIC_AREA: 'the Main Line',
  CLINIC_FROM: 'Main Line Physio <hello@mail.clinic.example>',
  CLINIC_REPLY_TO: 'desk@clinic.example',
  CLINIC_POSTAL_ADDRESS: '1 Main Street, Bryn Mawr, PA 19010',
  CLINIC_PHONE: '+16105550100',
  CLINIC_BOOKING_URL: 'https://booking.clinic.example/call',
  CLINIC_SIGNED_BY: 'Jo Lee, physical therapist',
  CLINIC_TIME_ZONE: 'America/New_York',
  URGENT_CARE_NOTE: 'If you lose feeling or strength, go to an emergency department at once.',
  FRONT_DESK_EMAIL: 'desk@clinic.example',
}

/** A port that is free together with the one after it, which the sandbox takes. */
async function freePair(): Promise<string> {
  for (;;) {
    const port = await freePort()
    const next = await occupy(port + 1).catch(() => null)
    if (!next) continue
    await next()
    return String(port)
  }
}

/** Listens on a port; returns what lets it go. */
function occupy(port: number): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () =>
      resolve(() => new Promise((done) => void server.close(() => done()))),
    )
  })
}

/** Mails in a sandbox that hold `text` in an address or in their words. */
async function mailsWith(inbox: string, text: string): Promise<SandboxEmail[]> {
  const mails = (await (await fetch(`${inbox}/emails`)).json()) as SandboxEmail[]
  return mails.filter((mail) => mail.to.includes(text) || mail.text?.includes(text))
}

/** Sends the demo page's form as a script does, and waits for the first mail and the front desk's alert. */
async function submitAndWait(site: string, inbox: string): Promise<void> {
  const email = `delivered+${Date.now()}@resend.dev`
  const page = await (await fetch(site)).text()
  const action = /action="([^"]+)"/.exec(page)![1]!
  const body = new URLSearchParams({ email, first_name: 'Pat', phone: '6105550177', consent: 'yes' })
  const answer = await fetch(new URL(action, site), { method: 'POST', body })
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { next: expect.stringContaining('/thanks') },
  ])
  const giveUp = Date.now() + 60_000
  for (;;) {
    const mails = await mailsWith(inbox, email)
    if (mails.length === 2) {
      expect(mails.map(({ to }) => to).sort()).toEqual([['delivered+front-desk@resend.dev'], [email]].sort())
      return
    }
    if (Date.now() > giveUp)
      throw new Error(
        `Mails so far: ${mails.map(({ subject }) => subject).join()}; health: ${await (await fetch(new URL('/health', site))).text()}`,
      )
    await sleep(50)
  }
}

/** The one line in which it gives up, with exit code 1. */
async function refusal(args: string[], env: Record<string, string>): Promise<string> {
  const { code, stderr } = await run(args, env)
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^nurture: [^\n]+\n$/)])
  return stderr
}

describe('npm start', { timeout: 180_000 }, () => {
  test('takes a lead from the demo page to its mail and the front desk, and stops in order', async () => {
    const started = nurture(['start'], { DATABASE_URL: database.url, PORT: await freePair() })
    await started.saw(/Ready/)
    const site = await started.saw(/Demo site:\s+(\S+)/)
    const inbox = await started.saw(/Sandbox inbox:\s+(\S+)/)
    await submitAndWait(site, inbox)
    const health = await fetch(await started.saw(/Health:\s+(\S+)/))
    expect([health.status, await health.json()]).toMatchObject([200, { status: 'ok' }])
    const began = Date.now()
    const { code, stdout, stderr } = await started.stop('SIGTERM')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Stopping')
    expect(Date.now() - began).toBeLessThan(20_000)
  })

  test('web, worker and sandbox as processes of their own', async () => {
    const port = await freePort()
    const sandbox = nurture(
      ['sandbox', '--port', '0', '--webhook', `http://127.0.0.1:${port}/hooks/resend`],
      secrets,
    )
    const inbox = await sandbox.saw(/inbox: ([^)\s]+)/)
    const env = {
      ...secrets,
      DATABASE_URL: database.url,
      PORT: String(port),
      RESEND_BASE_URL: inbox.replace(/\/sandbox$/, ''),
    }
    const [web, worker] = [
      nurture(['start', '--role', 'web'], env),
      nurture(['start', '--role', 'worker'], env),
    ]
    await Promise.all([web.saw(/Ready/), worker.saw(/Ready/)])
    expect(web.stdout()).not.toContain('Worker')
    expect(worker.stdout()).not.toContain('Demo site')
    await submitAndWait(await web.saw(/Demo site:\s+(\S+)/), inbox)
    const ends = await Promise.all([web.stop('SIGINT'), worker.stop(), sandbox.stop()])
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ])
  })

  test('refuses, in one line each: real mail without a database, a role without a sandbox, and nonsense', async () => {
    const DATABASE_URL = database.url
    const [noDatabase, noSandbox, noRole, wrong, unreachable, unknownDatabase] = await Promise.all([
      refusal(['start'], live),
      refusal(['start', '--role', 'worker'], { DATABASE_URL }),
      refusal(['start', '--role', 'boss'], { DATABASE_URL }),
      refusal(['start'], { DATABASE_URL, CLINIC_PHONE: '610' }),
      refusal(['start'], { DATABASE_URL: 'postgres://me:TOPSECRET@127.0.0.1:1/x' }),
      refusal(['start'], { DATABASE_URL: database.url.replace(/\/nurture_test_/, '/nowhere_') }),
    ])
    expect(noDatabase).toContain('DATABASE_URL is missing')
    expect(noDatabase).toContain('--embedded')
    expect(noSandbox).toContain('RESEND_BASE_URL is missing')
    expect(noRole).toContain('all, web, worker')
    expect(wrong).toContain('CLINIC_PHONE is wrong')
    expect(unreachable).toContain('ECONNREFUSED')
    expect(unreachable).not.toContain('TOPSECRET')
    expect(unknownDatabase).toContain('3D000')
  })

  test('refuses a port in use, its own or the sandbox’s', async () => {
    const [own, next] = [await freePair(), await freePair()]
    const free = [await occupy(Number(own)), await occupy(Number(next) + 1)]
    try {
      const env = { DATABASE_URL: database.url }
      const [first, second] = await Promise.all([
        refusal(['start'], { ...env, PORT: own }),
        refusal(['start'], { ...env, PORT: next }),
      ])
      expect(first).toContain(`PORT ${own} is in use`)
      expect(second).toContain(`port ${Number(next) + 1} is in use`)
    } finally {
      await Promise.all(free.map((letGo) => letGo()))
    }
  })
})
