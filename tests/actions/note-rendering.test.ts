import { createElement } from 'react'
import { afterEach, expect, test } from 'vitest'
import { runTick } from '../../src/actions/run-tick.ts'
import type { MailProps, RenderCounts } from '../../src/core/mail.ts'
import { createRenderer } from '../../src/mail/renderer.ts'
import { readHealth } from '../../src/store/health.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const rendering = async (): Promise<RenderCounts> =>
  (await readHealth(engine.ctx.db, engine.clock.now(), null)).rendering

test('health tells how mails were rendered, over all processes', async () => {
  engine = await createEngine()
  expect(await rendering()).toEqual({ compiled: 0, direct: 0, checked: 0, differed: 0 })
  await engine.enroll(3)
  await runTick(engine.ctx)
  // The first was compared as it was compiled, the second as one of the powers of two.
  expect(await rendering()).toEqual({ compiled: 3, direct: 0, checked: 1, differed: 0 })

  const other = { compiled: 2, direct: 5, checked: 1, differed: 1 }
  await engine.enroll(1, { email: 'another@lead.example' })
  await runTick({ ...engine.ctx, renderer: { ...engine.ctx.renderer, takeCounts: () => other } })
  expect(await rendering()).toEqual({ compiled: 5, direct: 5, checked: 2, differed: 1 })
})

test('a component that looks at a name is found while mail goes out, and the right mail is the one that went', async () => {
  engine = await createEngine()
  const component = ({ firstName }: MailProps) =>
    createElement('p', null, firstName === 'Zoe' ? 'Found' : `Hi ${firstName}`)
  const planted = createRenderer(
    { planted: { defaults: {}, subject: () => 'Planted', component } },
    { checkEvery: 2, warn: () => {} },
  )
  engine.ctx.renderer = {
    ...engine.ctx.renderer,
    encoded: (_, props) => planted.encoded('planted', props),
    takeCounts: planted.takeCounts,
  }
  await engine.enroll(1, { first_name: 'Pat' })
  await engine.beat()
  expect(await rendering()).toMatchObject({ compiled: 1, checked: 0, differed: 0 })
  for (const [number, firstName] of ['Zoe', 'Zoe', 'Pat'].entries()) {
    await engine.enroll(number + 2, { first_name: firstName })
    await engine.beat()
  }
  expect(await rendering()).toEqual({ compiled: 2, direct: 2, checked: 1, differed: 1 })
  const texts = engine.sandbox
    .emails()
    .filter(({ subject }) => subject === 'Planted')
    .map(({ text }) => text)
  expect(texts).toEqual(['Hi Pat', 'Found', 'Found', 'Hi Pat'])
})
