import { createLapseClock } from '../../src/demo/lapse-clock.ts'
import { createBenchDatabase } from './support/bench-database.ts'
import { openBenchService } from './support/bench-service.ts'
import { insertDueLeads } from './support/due-leads.ts'
import { needRedis } from './support/need-redis.ts'
import { option, report, spread } from './support/report.ts'
import { startStandIn } from './support/stand-in-process.ts'
import { untilIdle } from './support/until-idle.ts'
import { startWorkerProcess, type WorkerState } from './support/worker-process.ts'

/**
 * What one worker process holds after 100,000 sends over what it held after 10,000, and how long its event loop is
 * kept busy with 8 dispatches in flight. `npm run bench:worker-memory -- --sends 100000`
 */
const sends = option('sends', 100_000)
const part = 10_000
const start = new Date('2026-03-04T15:00:00Z')
const env = {
  REDIS_URL: await needRedis(),
  SEND_CONCURRENCY: '8',
  SEND_REQUESTS_PER_SECOND: '1000',
}
const prefix = `{bench-${process.pid}}`

const standIn = await startStandIn(80)
const database = await createBenchDatabase('worker_memory')
const clock = createLapseClock(start)
const service = await openBenchService({ databaseUrl: database.url, env, prefix }, { clock })
const worker = await startWorkerProcess({
  databaseUrl: database.url,
  resendUrl: standIn.url,
  prefix,
  env,
  start: start.toISOString(),
})
try {
  const states: WorkerState[] = []
  for (let sent = 0; sent < sends; sent += part) {
    await insertDueLeads(service.ctx, part, 'lesson-3', start)
    worker.begin()
    const began = performance.now()
    service.ctx.wake()
    await untilIdle(service.ctx)
    const rate = part / ((performance.now() - began) / 1_000)
    const state = await worker.state()
    states.push(state)
    console.log(
      `  ${sent + part} sent, ${rate.toFixed(0)} a second: holds ${mb(state.used)} MB (resident ${mb(state.rss)} MB), ` +
        `event-loop delay p99 ${state.delayP99Ms.toFixed(0)} ms`,
    )
  }
  const after = states.slice(1).map(({ used }) => used / states[0]!.used)
  const delays = states.slice(1).map(({ delayP99Ms }) => delayP99Ms)
  report(`held after ${sends} sends over after ${part}`, [after.at(-1)!], { atMost: 1.2 })
  report('event-loop delay p99 with 8 dispatches in flight, ms', delays, { atMost: 70 }, 0)
  console.log('held: heap and buffers in use after a full collection')
  const resident = states.slice(1).map(({ rss }) => rss / states[0]!.rss)
  console.log(`for information: held at each ${part}: ${spread(after)}; resident memory ${spread(resident)}`)
} finally {
  await worker.stop()
  await service.close()
  await database.close()
  standIn.stop()
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
