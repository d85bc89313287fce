import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startSandbox } from '../../src/mail/sandbox/sandbox.ts'
import { bundleWorker } from './bundle.ts'
import { castLeads } from './cast.ts'
import { Crew, type Tally } from './crew.ts'
import { Desk } from './desk.ts'
import { type Front, startFront } from './front.ts'
import { audit, type Damage, readLeadIds } from './ledger.ts'
import type { Mutant } from './mutants.ts'
import { startOwnPostgres } from './own-postgres.ts'
import { startOwnRedis } from './own-redis.ts'
import { Play } from './play.ts'
import { createRandom } from './random.ts'
import { createSharedClock } from './shared-clock.ts'

export type Backend = 'postgres' | 'redis'

export type ScenarioOptions = {
  backend: Backend
  deliveries: number
  kills: number
  seed: number
  /** Steps of the sequence that are played; 7 is all of it. */
  steps?: number
  mutant?: Mutant | null
  /** Folder under .data/crash: two runs at once need two. */
  home?: string
  /** Worker processes at a time: 3 unless it says otherwise. */
  children?: number
  say?: (line: string) => void
}

export type Report = {
  backend: Backend
  /** What to call the run with to play it again. */
  replay: string
  damage: Damage
  tally: Tally
  kills: number
  redisEmptied: number
  postgresCrashes: number
  faults: Record<string, number>
  stops: Record<string, number>
  /** Mails that the provider took and then reported as failed. */
  reported: number
  /** What a person said of mails that failed. */
  words: Record<string, number>
  leaps: number
  /** Calms in which the engine did not come to rest, though nothing broke any more. */
  restless: number
  seconds: number
}

/** A Wednesday, 10:00 in New York, four days before its clocks change. */
const start = new Date('2026-03-04T15:00:00Z')
const dataDir = fileURLToPath(new URL('../../.data/crash', import.meta.url))

/** One run at a time in a folder. Throws while the process that used it last is alive. */
async function takeHome(home: string): Promise<void> {
  const file = join(home, 'owner')
  const owner = Number(await readFile(file, 'utf8').catch(() => '0'))
  if (owner > 0 && owner !== process.pid && isRunning(owner))
    throw new Error(`Another crash run, process ${owner}, is using ${home}`)
  await writeFile(file, String(process.pid))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Plays a whole sequence with many leads while everything is broken that can be, then counts. Null: no Redis here. */
export async function runScenario(options: ScenarioOptions): Promise<Report | null> {
  const began = Date.now()
  const { backend, deliveries, kills, seed, steps = 7, children = 3, say = () => {} } = options
  const random = createRandom(seed)
  const home = join(dataDir, options.home ?? 'run')
  const closers: (() => Promise<unknown>)[] = []
  try {
    await mkdir(home, { recursive: true })
    await takeHome(home)
    const diary = join(home, 'diary')
    await rm(diary, { force: true })
    const redis = backend === 'redis' ? await startOwnRedis() : null
    if (backend === 'redis' && !redis) return null
    if (redis) closers.push(redis.stop)
    const postgres = await startOwnPostgres(join(home, 'postgres'))
    closers.push(postgres.stop)
    const workerFile = join(dataDir, `worker-${process.pid}.mjs`)
    await bundleWorker(workerFile, options.mutant ?? null)
    closers.push(() => rm(workerFile, { force: true }))
    const clock = createSharedClock(join(home, 'clock'), start)
    closers.push(async () => clock.close())
    const sandbox = await startSandbox({ now: clock.now, requestsPerSecond: 0, keep: 200 })
    closers.push(() => sandbox.close())

    const ports = { any: (): number | null => null }
    const front: Front = await startFront(() => ports.any())
    closers.push(front.close)
    const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`
    sandbox.setWebhook({ url: `${front.url}/hooks/resend`, secret: webhookSecret })
    const appSecret = randomBytes(32).toString('base64url')
    const queuePrefix = `{crash-${randomUUID()}}`
    const crew = new Crew(workerFile, diary, random, () => ({
      databaseUrl: postgres.url,
      redisUrl: redis?.url ?? null,
      resendUrl: sandbox.url,
      publicUrl: front.url,
      appSecret,
      webhookSecret,
      queuePrefix,
      clockFile: join(home, 'clock'),
      clinicName: random.pick(['Main Line Physio', 'Main Line Physio & Friends', 'The Clinic']),
      steps,
      jitterMs: options.mutant ? 400 : 20,
      slow: options.mutant?.slow ?? null,
    }))
    ports.any = () => crew.anyPort()
    closers.push(() => crew.killAll())

    const leads = castLeads(Math.ceil(deliveries / steps), options.mutant ? 0.4 : 0.1, random)
    await postgres.query(
      `insert into sources (id, slug, name, adapter, secrets, sequence, created_at)
       values ($1, 'website', 'Website', 'html-form', '{}', 'back-spasms', $2)`,
      [randomUUID(), start],
    )
    const desk = new Desk(random, webhookSecret)
    const play = new Play({
      leads,
      steps,
      kills,
      children,
      // Far more than it takes on a machine with much else to do.
      calmMs: options.mutant ? 30_000 : 100_000,
      // Long enough for what is held back to be asked again meanwhile.
      lingerMs: options.mutant?.lingerMs ?? 3 * (options.mutant?.slow?.ms ?? 0),
      points: options.mutant?.points ?? null,
      random,
      desk,
      say,
    })
    const stage = { postgres, redis, sandbox, clock, crew, front }
    let ids = new Map<string, string>()
    const check = (isOver: boolean) =>
      audit(leads, steps, sandbox, postgres, clock, play.leapt, desk.reported, ids, isOver)
    await play.run(stage, {
      async enrolled() {
        ids = await readLeadIds(postgres)
        play.leadIds = ids
      },
      // A mutant is caught as soon as something is there that can never be mended.
      async enough() {
        if (!options.mutant) return false
        const { twice, afterStop, outsideWindow, parked, otherBytes } = await check(false)
        return twice + afterStop + outsideWindow + parked + otherBytes > 0
      },
    })
    const damage = await check(true)
    await crew.killAll()
    return {
      backend,
      replay: `--backend ${backend} --deliveries ${deliveries} --kills ${kills} --steps ${steps} --children ${children} --seed ${seed}`,
      damage,
      tally: crew.tally(),
      kills: crew.kills,
      redisEmptied: play.redisEmptied,
      postgresCrashes: play.postgresCrashes,
      faults: play.faults,
      stops: play.stops,
      reported: desk.reported.size,
      words: desk.words,
      leaps: play.leaps,
      restless: play.restless,
      seconds: (Date.now() - began) / 1_000,
    }
  } finally {
    for (const closer of closers.reverse())
      await closer().catch((error: Error) => say(`closing: ${error.message}`))
    await sleep(0)
  }
}
