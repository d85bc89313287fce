import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { migrate } from '../../drizzle/migrate.ts'
import { startWorker } from '../../jobs/worker.ts'
import { type Config, readConfig } from '../config.ts'
import { emailKey } from '../core/email-address.ts'
import { cast, demoStart } from '../demo/cast.ts'
import { differences } from '../demo/check.ts'
import { createLapseClock } from '../demo/lapse-clock.ts'
import { mailsTo, play, type Stage } from '../demo/play.ts'
import { saveMails } from '../demo/save-mails.ts'
import { createApp } from '../http/app.ts'
import { listen } from '../http/server.ts'
import { startSandbox } from '../mail/sandbox/sandbox.ts'
import { startCluster } from '../postgres/cluster.ts'
import { findLeadByEmail } from '../store/leads.ts'
import { ensureSource } from '../store/sources.ts'
import { zoneOf } from '../actions/zone-of.ts'
import { readTimeline } from '../store/timeline.ts'
import { dataDir } from './data-dir.ts'
import { freePort } from './free-port.ts'
import { timelineLines } from './print-timeline.ts'
import { createLog, openService } from './wire.ts'

const say = (line: string) => console.log(line)

/**
 * Plays a whole sequence with four leads, over real HTTP, on a PostgreSQL cluster of its own and a clock that jumps.
 * Prints what happens, compares it with what was expected, and sets exit code 1 if anything differs.
 */
export async function demo(): Promise<void> {
  const began = Date.now()
  const closers: (() => Promise<void>)[] = []
  try {
    const stage = await build(closers)
    say('\nThe form is sent four times, from four kinds of site. Then time jumps to whatever is due next.\n')
    await play(stage, cast)
    const wrong = await report(stage)
    const index = await saveMails(join(dataDir, 'demo', 'mails'), stage.sandbox.emails())
    say(`\nEvery mail, as HTML and text: ${index}`)
    const seconds = ((Date.now() - began) / 1_000).toFixed(1)
    if (wrong.length === 0)
      say(`All as expected: ${stage.sandbox.emails().length} mails, 26 days in ${seconds} s.`)
    else {
      say(`\nNOT as expected:\n${wrong.map((line) => `  ${line}`).join('\n')}`)
      process.exitCode = 1
    }
  } finally {
    for (const closer of closers.reverse()) await closer()
  }
}

async function build(closers: (() => Promise<void>)[]): Promise<Stage> {
  const cluster = await startCluster({ home: join(dataDir, 'demo', 'postgres'), log: say })
  closers.push(() => cluster.stop())
  await cluster.dropDatabase('demo')
  await cluster.createDatabase('demo')
  const databaseUrl = cluster.url('demo')
  await migrate(databaseUrl)

  const clock = createLapseClock(demoStart)
  const config = await demoConfig()
  const baseUrl = config.publicUrl
  const webhook = { url: `${baseUrl}/hooks/resend`, secret: config.resend.webhookSecrets[0]! }
  const sandbox = await startSandbox({ now: clock.now, requestsPerSecond: 0, webhook })
  closers.push(() => sandbox.close())
  const service = await openService(
    { config, databaseUrl, resendUrl: sandbox.url, log: createLog('warn') },
    { clock },
  )
  closers.push(service.close)
  const server = await listen(createApp(service.ctx), config.http.host, config.http.port)
  closers.push(() => server.close())
  const worker = await startWorker(service.ctx, service.queues)
  closers.push(() => worker.close())
  say(`Service ${baseUrl}, sandbox ${sandbox.url}`)

  const secrets: Record<string, string> = { calendly: config.bookingSecrets.calendly[0]! }
  for (const { provider } of cast) {
    secrets[provider] = randomBytes(24).toString('base64url')
    await ensureSource(service.ctx.db, {
      slug: `demo-${provider}`,
      name: `Demo form (${provider})`,
      adapter: provider,
      secrets: [secrets[provider]],
      sequence: 'back-spasms',
      createdAt: clock.now(),
    })
  }
  return { ctx: service.ctx, clock, sandbox, baseUrl, secrets, say }
}

/** The sample clinic on free ports; what the environment says is not for the demo. */
async function demoConfig(): Promise<Config> {
  const port = await freePort()
  return readConfig(
    {
      PORT: String(port),
      CALENDLY_SIGNING_KEYS: randomBytes(24).toString('base64url'),
      SEND_REQUESTS_PER_SECOND: '100',
    },
    () => ({
      appSecret: randomBytes(32).toString('base64url'),
      resendWebhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
    }),
  )
}

async function report(stage: Stage): Promise<string[]> {
  const wrong: string[] = []
  for (const member of cast) {
    const lead = await findLeadByEmail(stage.ctx.db, emailKey(member.email))
    if (!lead) {
      wrong.push(`${member.firstName}: no lead was stored`)
      continue
    }
    const timeline = await readTimeline(stage.ctx.db, lead.id)
    const timeZone = zoneOf(stage.ctx, lead)
    say(`\n${member.firstName} ${member.lastName} (${timeZone})`)
    for (const line of timelineLines(timeline, timeZone)) say(`  ${line}`)
    const [enrollment] = timeline.enrollments
    const ended = [enrollment?.status, enrollment?.stopReason].filter(Boolean).join(': ')
    const acceptedAt = mailsTo(stage, member).map((mail) => new Date(mail.acceptedAt))
    wrong.push(...differences(member, { acceptedAt, ended, timeZone }))
  }
  return wrong
}
