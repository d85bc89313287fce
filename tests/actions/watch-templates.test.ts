import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { alerts, auditLog, leads } from '../../drizzle/schema/index.ts'
import { publishCopy } from '../../src/actions/publish-copy.ts'
import { resumeTemplate } from '../../src/actions/resume-template.ts'
import { saveCopy } from '../../src/actions/save-copy.ts'
import { addTemplateFaults } from '../../src/store/template-faults.ts'
import { readHealth } from '../../src/store/health.ts'
import { submitForm } from '../support/forms.ts'
import { createEngine, type Engine } from './engine.ts'
import { words } from './copy-support.ts'

let engine: Engine
afterEach(() => engine?.stop())

const broken = new Set<string>()
/** An engine whose templates of these names, or mails to people of these first names, cannot be rendered. */
async function faultyEngine(): Promise<void> {
  broken.clear()
  engine = await createEngine()
  const { renderer } = engine.ctx
  engine.ctx.renderer = {
    ...renderer,
    encoded: (template, props) =>
      broken.has(template) || broken.has(props.firstName ?? '')
        ? Promise.reject(new TypeError('quotes pat@lead.example'))
        : renderer.encoded(template, props),
  }
}

const count = async (status: string) =>
  (await engine.deliveries()).filter((delivery) => delivery.status === status).length
const paused = async () => (await readHealth(engine.ctx.db, engine.clock.now(), null)).templatesPaused
const templateAlerts = async () =>
  (await engine.ctx.db.select().from(alerts)).filter(({ kind }) => kind === 'template-paused')

/** Twelve leads whose second mail is due and whose template is broken, and a fresh lead. */
async function breakSecondMail(): Promise<void> {
  await faultyEngine()
  await engine.enroll(12)
  await engine.beat()
  await engine.jumpToDue()
  broken.add('why-scans-miss')
  await submitForm(engine, { email: 'fresh@lead.example' })
}

describe('a template that cannot be rendered', () => {
  test('is paused after five faults: the rest waits, other mail goes on, one alert', async () => {
    await breakSecondMail()
    await engine.beat()
    expect([await count('parked'), await count('waiting')]).toEqual([5, 8])
    expect(engine.sandbox.emails().flatMap(({ to }) => to)).toContain('fresh@lead.example')
    expect(await paused()).toMatchObject([{ template: 'why-scans-miss', error: 'TypeError' }])
    for (let round = 0; round < 3; round++) {
      engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 15 * 60_000))
      await engine.beat()
    }
    expect([await count('parked'), await count('waiting')]).toEqual([5, 8])
    expect(await templateAlerts()).toMatchObject([{ reason: 'why-scans-miss: TypeError' }])

    broken.clear()
    expect(await resumeTemplate(engine.ctx, { template: 'why-scans-miss', actor: 'test' })).toBe(7)
    await engine.beat()
    expect(engine.sandbox.emails()).toHaveLength(12 + 1 + 7)
    expect(await paused()).toEqual([])
    expect((await engine.ctx.db.select().from(auditLog)).map(({ action }) => action)).toEqual([
      'resume-template',
    ])
  })

  test('is paused again, with another alert, when nothing was mended', async () => {
    await breakSecondMail()
    await engine.beat()
    await resumeTemplate(engine.ctx, { template: 'why-scans-miss', actor: 'test' })
    await engine.beat()
    expect([await count('parked'), (await paused()).length]).toEqual([10, 1])
    expect(await templateAlerts()).toHaveLength(2)
  })

  test('is tried again once other words are published', async () => {
    await faultyEngine()
    broken.add('lock-up')
    await engine.enroll(7)
    await engine.beat()
    expect(await paused()).toMatchObject([{ template: 'lock-up' }])
    broken.clear()
    const { draft } = await saveCopy(engine.ctx, {
      template: 'lock-up',
      copy: words('Mended'),
      basedOn: 0,
      note: null,
      actor: 'test',
    })
    await publishCopy(engine.ctx, { template: 'lock-up', revision: draft.revision, actor: 'test' })
    await engine.enroll(8)
    await engine.beat()
    await engine.beat()
    expect(await paused()).toEqual([])
    expect(engine.sandbox.emails().map(({ subject }) => subject)).toEqual(['Mended', 'Mended', 'Mended'])
  })

  /** First mails, of which every `one` in so many fails. */
  const failEvery = async (one: number, of: number) => {
    await faultyEngine()
    broken.add('Broken')
    await engine.enroll(of)
    const numbers = Array.from({ length: of }, (_, at) => at).filter((at) => at % one === 0)
    await engine.ctx.db
      .update(leads)
      .set({ firstName: 'Broken' })
      .where(sql`${leads.email} ~ ${`-(${numbers.join('|')})@`}`)
    await engine.beat()
  }

  test('is not paused for the faults of a few mails: those are parked, and told of once', async () => {
    await failEvery(4, 12)
    expect(await count('parked')).toBe(3)
    expect(await paused()).toEqual([])
    expect(engine.sandbox.emails()).toHaveLength(9)
    const told = (await engine.ctx.db.select().from(alerts)).filter(({ kind }) => kind === 'render-fault')
    expect(told).toMatchObject([{ reason: 'lock-up: TypeError' }])
  })

  test('is paused when every second mail of it fails', async () => {
    await failEvery(2, 16)
    expect(await count('parked')).toBe(6)
    expect(await paused()).toMatchObject([{ template: 'lock-up' }])
    expect(await templateAlerts()).toHaveLength(1)
  })

  test('is paused for faults that several workers saw, a few each, and one alerts', async () => {
    await faultyEngine()
    const faults = { revision: 'code', faults: 2, error: 'TypeError', limit: 5 }
    const { db } = engine.ctx
    const said = await Promise.all(
      Array.from({ length: 4 }, () => addTemplateFaults(db, 'lock-up', faults, engine.clock.now())),
    )
    expect(said.filter(Boolean)).toHaveLength(1)
    expect(await paused()).toMatchObject([{ template: 'lock-up' }])
  })

  test('heals: what worked since is held against what failed', async () => {
    await faultyEngine()
    const add = (faults: number) =>
      addTemplateFaults(
        engine.ctx.db,
        'lock-up',
        { revision: 'code', faults, error: 'TypeError', limit: 5 },
        engine.clock.now(),
      )
    expect([await add(4), await add(-3.5), await add(4), await add(-9), await add(1)]).toEqual(
      Array(5).fill(false),
    )
    expect(await add(4)).toBe(true)
  })

  test('that no running release has is missed after ten minutes, and taken up by one that has it', async () => {
    await faultyEngine()
    await engine.enroll(2)
    const { templates } = engine.ctx
    const release = (names: Iterable<string>) => Object.assign(engine.ctx, { templates: new Set(names) })
    release([...templates].filter((name) => name !== 'lock-up'))
    for (let minute = 0; minute < 12; minute++) {
      await engine.beat()
      engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 60_000))
    }
    expect(await count('waiting')).toBe(2)
    expect(await paused()).toMatchObject([
      { template: 'lock-up', error: 'no worker that runs has this template' },
    ])
    expect(await templateAlerts()).toHaveLength(1)
    release(templates)
    await engine.beat()
    await engine.beat()
    expect(engine.sandbox.emails()).toHaveLength(2)
    expect(await paused()).toEqual([])
  })

  test('an unknown template, or one that is not paused, is not resumed', async () => {
    await faultyEngine()
    const resume = (template: string) => resumeTemplate(engine.ctx, { template, actor: 'test' })
    await expect(resume('nonsense')).rejects.toMatchObject({ code: 'not-found' })
    await expect(resume('lock-up')).rejects.toMatchObject({ code: 'conflict' })
  })
})
