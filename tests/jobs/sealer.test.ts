import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { createSealer } from '../../jobs/sealer.ts'
import { tick } from '../../jobs/tick.ts'
import { createEngine, type Engine } from '../actions/engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

const statuses = async () => (await engine.deliveries()).map(({ status }) => status)

test('seals what is due without a tick, once however often it is asked, and queues it', async () => {
  engine = await createEngine()
  await engine.enroll(3)
  const queued: string[] = []
  const queues = {
    ...engine.queues,
    add: async (_: string, jobs: { id: string }[]) => void queued.push(...jobs.map(({ id }) => id)),
  }
  const sealer = createSealer(engine.ctx, queues)
  for (let asked = 0; asked < 5; asked++) sealer.wake()
  await expect.poll(() => queued.length).toBeGreaterThan(0)
  await sealer.close()
  expect(await statuses()).toEqual(['sealed', 'sealed', 'sealed'])
  const dispatches = await engine.dispatches()
  expect(dispatches.flatMap(({ deliveryIds }) => deliveryIds)).toHaveLength(3)
  expect(new Set(queued)).toEqual(new Set(dispatches.map(({ id }) => `${id}-1`)))
})

test('queues an envelope until the queue has it, and no more: a tick queues again what the queue may have lost', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  const queued: string[] = []
  let refusals = 1
  const queues = {
    ...engine.queues,
    async add(name: string, jobs: { id: string }[]) {
      if (name === 'alert') return
      if (jobs.length > 0 && refusals-- > 0) throw new Error('no queue')
      queued.push(...jobs.map(({ id }) => id))
    },
  }
  const sealer = createSealer(engine.ctx, queues)
  sealer.wake()
  await expect.poll(() => refusals).toBe(0)
  expect(queued).toEqual([])
  sealer.wake()
  await expect.poll(() => queued.length).toBe(1)
  sealer.wake()
  await sleep(200)
  await sealer.close()
  expect(queued).toHaveLength(1)
  await tick(engine.ctx, queues)
  expect(queued).toEqual([queued[0], queued[0]])
})

test('a round that fails is no end: the next one seals', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  let fails = true
  const clock = {
    kind: 'lapse' as const,
    now() {
      if (fails) throw new Error('no time')
      return engine.clock.now()
    },
  }
  const sealer = createSealer({ ...engine.ctx, clock }, engine.queues)
  sealer.wake()
  await sleep(200)
  expect(await statuses()).toEqual(['waiting'])
  fails = false
  sealer.wake()
  await expect.poll(statuses).toEqual(['sealed'])
  await sealer.close()
})

test('closing waits for the round under way, and begins no other', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  const { renderer } = engine.ctx
  const held = gate()
  const begun = gate()
  engine.ctx.renderer = {
    ...renderer,
    async encoded(template, props) {
      begun.open()
      await held.opened
      return renderer.encoded(template, props)
    },
  }
  const sealer = createSealer(engine.ctx, engine.queues)
  sealer.wake()
  await begun.opened
  let closed = false
  const closing = sealer.close().then(() => (closed = true))
  await sleep(100)
  expect(closed).toBe(false)
  held.open()
  await closing
  expect(await statuses()).toEqual(['sealed'])
  await engine.enroll(2)
  sealer.wake()
  await sleep(200)
  expect((await statuses()).sort()).toEqual(['sealed', 'waiting'])
})
