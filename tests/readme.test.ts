import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { realClock } from '../src/cli/wire.ts'
import { createTestService, type TestService } from './support/service.ts'
import { submitForm } from './support/forms.ts'

const run = promisify(execFile)
const readme = readFileSync('README.md', 'utf8')
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  block!.trim().split('\n'),
)
const ours = commands.filter((command) => command.startsWith('npm run nurture -- '))
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }

describe('the README', () => {
  let service: TestService
  beforeAll(async () => {
    service = await createTestService({ overrides: { clock: realClock } })
    await service.addSource({})
    await submitForm(service, { email: 'pat@people.example', first_name: 'Pat' })
  })
  afterAll(() => service.stop())

  test('names only scripts that exist', () => {
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!)
    expect(named.length).toBeGreaterThan(5)
    for (const name of named) expect(scripts).toHaveProperty(name)
  })

  test('links and shows only files that exist', () => {
    const files = [...readme.matchAll(/\]\((\.[^)]+)\)/g)].map(([, file]) => file!)
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) expect(readFileSync(file).length).toBeGreaterThan(0)
  })

  test.each(ours)('%s', async (command) => {
    const words = command.replace('npm run nurture -- ', '').match(/"[^"]*"|\S+/g)!
    const args = words.map((word) => word.replaceAll('"', ''))
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: service.databaseUrl,
      APP_SECRET: service.ctx.config.appSecret,
    }
    await service.ctx.db.execute(
      "insert into settings values ('tick', jsonb_build_object('at', now()::text), now()) on conflict (key) do update set value = excluded.value",
    )
    const { stdout } = await run('node', ['--import', 'tsx', 'src/cli/main.ts', ...args], { env })
    expect(stdout).not.toBe('')
  })
})
