import { monitorEventLoopDelay } from 'node:perf_hooks'
import { startWorker } from '../../../jobs/worker.ts'
import { createLapseClock } from '../../../src/demo/lapse-clock.ts'
import { openBenchService } from './bench-service.ts'
import type { WorkerSettings, WorkerState } from './worker-process.ts'

/** A worker process as in production, which tells its parent how it does. Run by `startWorkerProcess`. */
const settings = JSON.parse(process.argv[2]!) as WorkerSettings
const service = await openBenchService(settings, { clock: createLapseClock(new Date(settings.start)) })
const worker = await startWorker(service.ctx, service.queues)
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()

process.on('message', (message) => {
  if (message === 'begin') delay.reset()
  if (message === 'state') process.send!(state())
  if (message === 'stop') void stop()
})
process.on('disconnect', () => process.exit(0))
process.send!('ready')

/** The delay is read first: collecting garbage would be the longest of all. */
function state(): WorkerState {
  const delayP99Ms = delay.percentile(99) / 1e6
  globalThis.gc!()
  globalThis.gc!()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { delayP99Ms, rss, used: heapUsed + external }
}

async function stop(): Promise<void> {
  await worker.close()
  await service.close()
  process.exit(0)
}
