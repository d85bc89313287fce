import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
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
/** Every guide that names commands. */
const guideFiles = [
  'README.md',
  '.env.example',
  ...readdirSync('.github').map((name) => `.github/${name}`),
].filter((file) => /\.(md|example)$/.test(file))
/** The blocks of commands that are run as they stand left out. */
const guides = guideFiles.map((file) => readFileSync(file, 'utf8').replace(/```[\s\S]*?```/g, '')).join('\n')
const help = async (...words: string[]) =>
  stripVTControlCharacters(
    (await run('node', ['--import', 'tsx', 'src/cli/main.ts', ...words, '--help'])).stdout,
  )
/** The commands that a help lists, one a line. */
const listed = (text: string) =>
  [...(text.split('COMMANDS')[1] ?? '').matchAll(/^ +([a-z-]+) {2,}/gm)].map(([, name]) => name!)
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }

describe('the README', () => {
  let service: TestService
  beforeAll(async () => {
    service = await createTestService({ overrides: { clock: realClock } })
    await service.addSource({})
    await submitForm(service, { email: 'pat@people.example', first_name: 'Pat' })
  })
  afterAll(() => service.stop())

  test('names, in passing too, only commands and options that there are', { timeout: 480_000 }, async () => {
    const known = listed(await help())
    const named = [...guides.matchAll(/`(?:npm run nurture -- )?([a-z][^`\n]*)`/g)]
      .map(([, text]) => text!.split(' '))
      .filter(([first]) => known.includes(first!))
    expect(named.length).toBeGreaterThan(15)
    const asked = new Map<string, Promise<string>>()
    const helpOf = (...words: string[]) => {
      const key = words.join(' ')
      if (!asked.has(key)) asked.set(key, help(...words))
      return asked.get(key)!
    }
    const fault = async (words: readonly string[]): Promise<string[]> => {
      const [command = '', sub = ''] = words
      if (words.length === 1) return []
      const subs = listed(await helpOf(command))
      const isSub = subs.includes(sub)
      if (subs.length > 0 && !isSub) return [words.join(' ')]
      const flags = words.filter((word) => word.startsWith('--')).map((flag) => flag.replace(/=.*/, ''))
      if (flags.length === 0) return []
      const shown = await helpOf(...(isSub ? [command, sub] : [command]))
      return flags.every((flag) => shown.includes(flag)) ? [] : [words.join(' ')]
    }
    const wrong: string[] = []
    for (let at = 0; at < named.length; at += 4)
      wrong.push(...(await Promise.all(named.slice(at, at + 4).map(fault))).flat())
    expect(wrong).toEqual([])
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

/** Headings as a link to them spells them. */
const anchors = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(
    ([, heading]) =>
      `#${heading!
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-')}`,
  )

describe.each(guideFiles)('%s', (file) => {
  const text = readFileSync(file, 'utf8')

  test('names only scripts that exist, and options that they know', { timeout: 120_000 }, async () => {
    for (const [, name = '', given = ''] of text.matchAll(/npm run ([\w:-]+)(?: -- ([^`\n]*))?/g)) {
      expect(scripts).toHaveProperty([name])
      const flags = [...given.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag!)
      // Commands of the service are looked at above.
      if (flags.length === 0 || name === 'nurture') continue
      const [, source = '', words = ''] = /(\S+\.ts)(.*)$/.exec(scripts[name]!)!
      const known = words === '' ? readFileSync(source, 'utf8') : await help(...words.trim().split(' '))
      for (const flag of flags) expect(known).toMatch(new RegExp(`['"]${flag}['"]|--${flag}\\b`))
    }
  })

  test('links to, shows and names only what exists', () => {
    for (const [, link = ''] of text.matchAll(/\]\(((?![a-z]+:)[^)]+)\)/g)) {
      const [, path = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(link)!
      const target = path === '' ? file : join(dirname(file), path)
      const found = readFileSync(target)
      expect(found.length).toBeGreaterThan(0)
      if (anchor !== '') expect(anchors(found.toString())).toContain(anchor)
    }
    for (const [, path = ''] of text.matchAll(
      /[` ]((?:src|tests|emails|jobs|drizzle)\/[\w./-]*\w)(?=[`. ,])/g,
    ))
      expect(existsSync(path), path).toBe(true)
  })
})
