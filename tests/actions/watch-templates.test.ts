import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { alerts, auditLog, leads } from '../../drizzle/schema/index.ts'
import { publishCopy } from '../../src/actions/publish-copy.ts'
import { resumeTemplate } from '../../src/actions/resume-template.ts'
import { saveCopy } from '../../src/actions/save-copy.ts'
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
  test('is paused after five faults in a row: the rest waits, other mail goes on, one alert', async () => {
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

  test('is not paused for faults of single mails, however many, when others of it work', async () => {
    await faultyEngine()
    broken.add('Broken')
    await engine.enroll(12)
    await engine.ctx.db
      .update(leads)
      .set({ firstName: 'Broken' })
      .where(sql`${leads.email} ~ '[02468]@'`)
    await engine.beat()
    expect(await count('parked')).toBe(6)
    expect(await paused()).toEqual([])
    expect(await engine.sandbox.emails()).toHaveLength(6)
  })

  test('an unknown template, or one that is not paused, is not resumed', async () => {
    await faultyEngine()
    const resume = (template: string) => resumeTemplate(engine.ctx, { template, actor: 'test' })
    await expect(resume('nonsense')).rejects.toMatchObject({ code: 'not-found' })
    await expect(resume('lock-up')).rejects.toMatchObject({ code: 'conflict' })
  })
})
