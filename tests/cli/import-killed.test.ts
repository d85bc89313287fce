import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { realClock } from '../../src/cli/wire.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { nurture, run, stopAll } from './support.ts'

const secrets = {
  APP_SECRET: 'an-app-secret-of-the-tests-0123456789abcdef',
  RESEND_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
}

let service: TestService
let folder: string
beforeAll(async () => {
  service = await createTestService({ env: secrets, overrides: { clock: realClock } })
  folder = await mkdtemp(join(tmpdir(), 'nurture-killed-'))
})
afterAll(async () => {
  await stopAll()
  await service?.stop()
  await rm(folder, { recursive: true })
})

const count = async (what: string) => {
  const { rows } = await service.ctx.db.execute<{ count: number }>(
    sql.raw(`select count(*)::int as count from ${what}`),
  )
  return rows[0]!.count
}

test('an import that is killed goes on when it is run again, and enrolls nobody twice', async () => {
  const env = { ...secrets, DATABASE_URL: service.databaseUrl }
  const size = 6_000
  const lines = Array.from({ length: size }, (_, at) => `person-${at}@people.example,Person ${at},2025-05-06`)
  const file = join(folder, 'list.csv')
  await writeFile(file, ['Email,Name,Opt-in date', ...lines].join('\n'))
  const command = ['leads', 'import', file, '--enroll', '--per-day', '1000']
  const first = nurture(command, env)
  while ((await count('captures')) < 500) await sleep(10)
  await first.stop('SIGKILL')
  const taken = await count('captures')
  expect(taken).toBeGreaterThan(0)
  expect(taken).toBeLessThan(size)

  const second = await run(command, env)
  expect(second).toMatchObject({ code: 0, stderr: '5000 lines, 83 % of the file\n' })
  expect(second.stdout).toMatch(new RegExp(`${taken} taken by an earlier run`))
  expect(second.stdout).toMatch(new RegExp(`${size - taken} enrolled`))
  for (const what of ['leads', 'captures', 'enrollments', 'deliveries', 'consents'])
    expect([what, await count(what)]).toEqual([what, size])
  expect(await count("deliveries where first or due_at < now() or status <> 'waiting'")).toBe(0)

  const all = join(folder, 'all.csv')
  expect(await run(['leads', 'export', all], env)).toMatchObject({ code: 0 })
  expect((await readFile(all, 'utf8')).trim().split('\n')).toHaveLength(size + 1)
})
