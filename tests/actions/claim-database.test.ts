import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { templates } from '../../emails/index.ts'
import { openService, realClock, type Service } from '../../src/cli/wire.ts'
import type { Config } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { createLapseClock } from '../../src/demo/lapse-clock.ts'
import { findSetting } from '../../src/store/settings.ts'
import { createTestDatabase } from '../support/database.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService, testStart } from '../support/service.ts'

let service: TestService
const opened: Service[] = []
beforeEach(async () => {
  service = await createTestService({ env: { SUPPRESSION_KEYS: key('a') } })
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await service.stop()
})

const key = (letter: string) => letter.repeat(32)

/** Another process starts on the same database. */
async function start(overrides: Partial<Context> = {}, config: Partial<Config> = {}): Promise<void> {
  const { ctx, databaseUrl, sandbox, clock } = service
  const options = { config: { ...ctx.config, ...config }, databaseUrl, resendUrl: sandbox.url, log: ctx.log }
  opened.push(await openService(options, { clock, ...overrides }))
}

const refused = (message: RegExp) => ({ code: 'config', message: expect.stringMatching(message) as string })

describe('a start', () => {
  test('with all as it was goes ahead', async () => {
    await start()
    expect(opened).toHaveLength(1)
  })

  test('with another clock than the database’s is refused, in either direction', async () => {
    await expect(start({ clock: realClock })).rejects.toMatchObject(refused(/belongs to a lapse clock/))
    const real = await createTestDatabase()
    try {
      const { config, log } = service.ctx
      const options = { config, log, databaseUrl: real.url, resendUrl: service.sandbox.url }
      opened.push(await openService(options, { clock: realClock }))
      const lapse = { clock: createLapseClock(testStart) }
      await expect(openService(options, lapse)).rejects.toMatchObject(refused(/belongs to a real clock/))
    } finally {
      for (const one of opened.splice(0)) await one.close()
      await real.drop()
    }
  })

  test('with a clock that is not real and a live key is refused, on a new database too, which stays nobody’s', async () => {
    await expect(start({}, { mode: 'live' })).rejects.toMatchObject(refused(/never mails real people/))
    const fresh = await createTestDatabase()
    try {
      const { ctx, clock, sandbox } = service
      const options = {
        config: { ...ctx.config, mode: 'live' as const },
        log: ctx.log,
        resendUrl: sandbox.url,
      }
      const opening = openService({ ...options, databaseUrl: fresh.url }, { clock })
      await expect(opening).rejects.toMatchObject(refused(/never mails real people/))
      // What has a real clock may still have it.
      opened.push(await openService({ ...options, databaseUrl: fresh.url }, { clock: realClock }))
      expect(await findSetting(opened[0]!.ctx.db, 'clock')).toEqual({ kind: 'real' })
    } finally {
      for (const one of opened.splice(0)) await one.close()
      await fresh.drop()
    }
  })

  test('without the key that addresses were suppressed with is refused, and one that keeps it behind another is not', async () => {
    const wrong = { suppressionKeys: [key('b')] }
    await expect(start({}, wrong)).rejects.toMatchObject(refused(/SUPPRESSION_KEYS is wrong/))
    await start({}, { suppressionKeys: [key('b'), key('a')] })
    // From now on the new one is needed too.
    await expect(start()).rejects.toMatchObject(refused(/SUPPRESSION_KEYS is wrong/))
    await start({}, { suppressionKeys: [key('c'), key('b'), key('a')] })
  })

  test('of a release without a template that an enrollment needs is refused until that has ended', async () => {
    const lacking = { templates: new Set(Object.keys(templates).filter((name) => name !== 'lock-up')) }
    await start(lacking)
    await service.addSource({})
    await submitForm(service, { email: 'pat@lead.example' })
    await expect(start(lacking)).rejects.toMatchObject(refused(/template lock-up is missing/))
    await start()
    await service.ctx.db.execute(`update enrollments set status = 'held'`)
    await expect(start(lacking)).rejects.toMatchObject(refused(/template lock-up is missing/))
    await service.ctx.db.execute(`update enrollments set status = 'finished'`)
    await start(lacking)
  })
})
