import { join } from 'node:path'
import { startWorker } from '../../jobs/worker.ts'
import type { Config } from '../config.ts'
import { Problem } from '../core/problem.ts'
import { createApp } from '../http/app.ts'
import { listen } from '../http/server.ts'
import { demoSource } from '../http/demo-source.ts'
import { sequences } from '../sequences/index.ts'
import { ensureSource } from '../store/sources.ts'
import { dataDir } from './data-dir.ts'
import { loadConfig } from './load-config.ts'
import { startSandbox } from '../mail/sandbox/sandbox.ts'
import { provideDatabase } from './provide-database.ts'
import { keepBrand } from './keep-brand.ts'
import { createQueueBoard } from './queue-board.ts'
import { sandboxSignIn } from './sandbox-admin.ts'
import { createLog, openService } from './wire.ts'

const roles = ['all', 'web', 'worker'] as const
type Role = (typeof roles)[number]

const say = (line: string) => console.log(line)

/** Runs the service until SIGINT or SIGTERM, then finishes what is in flight and stops what it started. */
export async function start(options: { role: string; embedded: boolean }): Promise<void> {
  const role = roles.find((name) => name === options.role)
  if (!role) throw new Problem('config', `--role: expected ${roles.join(', ')}.`)
  const config = loadConfig()
  const log = createLog(config.logLevel)
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    say(
      config.mode === 'live'
        ? 'Live: mail goes to real people.'
        : 'Sandbox: every mail stays on this machine.',
    )
    const database = await provideDatabase(config, { embedded: options.embedded, log: say })
    closers.push(database.stop)
    const resendUrl = await provideResend(config, role, closers)
    const service = await openService({ config, databaseUrl: database.url, resendUrl, log })
    closers.push(service.close)
    say(`Queues run on ${service.queues.backend === 'redis' ? 'Redis' : 'PostgreSQL'}.`)
    // All at once: a slow caller of the web must not keep the worker taking up mail.
    const parts: (() => Promise<void>)[] = []
    closers.push(async () => void (await Promise.all(parts.map((part) => part()))))
    if (role !== 'web') {
      const worker = await startWorker(service.ctx, service.queues)
      parts.push(() => worker.close())
      say('Worker: ticking.')
    }
    if (role !== 'worker') {
      if (config.mode === 'sandbox') await ensureDemoSource(service.ctx)
      // Where a worker ticks, it takes up a changed brand for the web as well.
      if (role === 'web') parts.push(keepBrand(service.ctx))
      const server = await listen(
        createApp(service.ctx, createQueueBoard(service.queues)),
        config.http.host,
        config.http.port,
      )
      parts.push(() => server.close())
      const base = `http://${config.http.host}:${server.port}`
      if (config.mode === 'sandbox') say(`Demo site:     ${base}/`)
      say(`Studio:        ${base}/studio`)
      if (config.mode === 'sandbox') say(`  signs in, once: ${await sandboxSignIn(service.ctx)}`)
      say(`Health:        ${base}/health`)
      say(`Webhooks for:  ${config.publicUrl}/hooks/leads/<source>`)
    }
    if (config.mode === 'sandbox') say(`Sandbox inbox: ${resendUrl}/sandbox`)
    say('Ready. Stop with Ctrl-C.')
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    })
    say('Stopping: no new mail is taken up, what is in flight is finished.')
  } finally {
    await close()
    // What was cut off may hold a socket: nothing of it is worth waiting for.
    setTimeout(() => process.exit(), 2_000).unref()
  }
}

/** Where mail goes: Resend, a sandbox that runs elsewhere, or one of our own in this process. */
async function provideResend(config: Config, role: Role, closers: (() => Promise<void>)[]): Promise<string> {
  if (config.resend.baseUrl !== null) return config.resend.baseUrl
  if (role !== 'all')
    throw new Problem(
      'config',
      'RESEND_BASE_URL is missing: with --role each process needs the address of one sandbox ' +
        '(npm run sandbox -- --port 3001), or set RESEND_API_KEY.',
    )
  const sandbox = await startSandbox({
    port: config.http.port + 1,
    host: config.http.host,
    file: join(dataDir, 'sandbox.jsonl'),
    webhook: {
      url: `http://127.0.0.1:${config.http.port}/hooks/resend`,
      secret: config.resend.webhookSecrets[0]!,
    },
  })
  closers.push(() => sandbox.close())
  return sandbox.url
}

async function ensureDemoSource(ctx: Parameters<typeof createApp>[0]): Promise<void> {
  await ensureSource(ctx.db, {
    slug: demoSource,
    name: 'Demo site',
    adapter: 'html-form',
    secrets: [],
    sequence: sequences['back-spasms']!.key,
    createdAt: ctx.clock.now(),
  })
}
