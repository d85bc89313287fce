import { afterEach, beforeEach, expect, test } from 'vitest'
import { runTick } from '../../src/actions/run-tick.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { openService, type Service } from '../../src/cli/wire.ts'
import type { Context } from '../../src/context.ts'
import type { Sequence } from '../../src/core/sequence.ts'
import { hashSequence } from '../../src/sequences/index.ts'
import { submitForm } from '../support/forms.ts'
import { createEngine, type Engine } from './engine.ts'

const steps = (...given: [key: string, template: string, delayDays: number][]) =>
  given.map(([key, template, delayDays]) => ({ key, template, delayDays, window: null })) as unknown as [
    Sequence['steps'][0],
  ]
const old: Sequence = {
  key: 'back-spasms',
  steps: steps(['a', 'lock-up', 0], ['b', 'movement', 1], ['c', 'in-control', 2]),
}
/** The next release: other delays, another order, a step less, and a template of its own. */
const next: Sequence = {
  key: 'back-spasms',
  steps: steps(['a', 'lock-up', 0], ['n', 'brand-new', 5]),
}

let engine: Engine
let newer: Service
beforeEach(async () => {
  engine = await createEngine({ overrides: { sequences: { 'back-spasms': old } } })
  newer = await deploy(next)
})
afterEach(async () => {
  await newer.close()
  await engine.stop()
})

/** Another release on the same database, at work beside the first. */
async function deploy(sequence: Sequence): Promise<Service> {
  const { config, clock, log, renderer, templates } = engine.ctx
  const options = { config, databaseUrl: engine.databaseUrl, resendUrl: engine.sandbox.url, log }
  return openService(options, {
    clock,
    log,
    sequences: { 'back-spasms': sequence },
    templates: new Set([...templates, 'brand-new']),
    renderer: {
      ...renderer,
      encoded: (template, props) => renderer.encoded(template === 'brand-new' ? 'movement' : template, props),
    },
  })
}

async function beat(ctx: Context): Promise<void> {
  for (const { id } of (await runTick(ctx)).dispatches) await sendDispatch(ctx, id)
}
const stepsTo = (email: string) =>
  engine.sandbox.emails().flatMap(({ to, tags }) => (to.includes(email) ? tags.step : []))

test('two releases at once: each enrollment keeps the definition it began with, and nothing waiting moves', async () => {
  await submitForm(engine, { email: 'old@lead.example' })
  await beat(newer.ctx)
  const before = await engine.deliveries()
  const again = await deploy(next)
  await again.close()
  expect(await engine.deliveries()).toEqual(before)

  // The form of the second lead reaches the newer release.
  const { sequences } = engine.ctx
  Object.assign(engine.ctx, { sequences: newer.ctx.sequences })
  await submitForm(engine, { email: 'new@lead.example' })
  Object.assign(engine.ctx, { sequences })
  expect((await engine.enrollments()).map(({ definitionHash }) => definitionHash)).toEqual([
    hashSequence(old),
    hashSequence(next),
  ])
  // Both are at work all the time, and either may come first.
  for (let day = 0; day < 8; day++) {
    for (const ctx of day % 2 ? [newer.ctx, engine.ctx] : [engine.ctx, newer.ctx]) await beat(ctx)
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 86_400_000))
  }
  expect(stepsTo('old@lead.example')).toEqual(['a', 'b', 'c'])
  expect(stepsTo('new@lead.example')).toEqual(['a', 'n'])
  expect((await engine.enrollments()).map(({ status }) => status)).toEqual(['finished', 'finished'])
})

test('a template that only the newer release has is left to it, and parks nothing', async () => {
  Object.assign(engine.ctx, { sequences: newer.ctx.sequences })
  await submitForm(engine, { email: 'new@lead.example' })
  await engine.beat()
  await engine.jumpToDue()
  await engine.beat()
  expect((await engine.deliveries()).map(({ status, reason }) => [status, reason])).toEqual([
    ['sent', null],
    ['waiting', 'this release has no template brand-new'],
  ])
  engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 5_000))
  await beat(newer.ctx)
  expect(stepsTo('new@lead.example')).toEqual(['a', 'n'])
})
