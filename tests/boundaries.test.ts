import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const binaryOf = (name: string, binary: string) =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), binary)
const oxlint = binaryOf('oxlint', 'bin/oxlint')
const tsc = binaryOf('typescript', 'bin/tsc')

function run(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr }),
    )
  })
}

const lint = (...paths: string[]) => run(oxlint, ['--deny-warnings', ...paths])

/** Puts a file into the tree for as long as `look` takes; its name is nobody else's, and it goes whatever happens. */
async function planted<T>(folder: string, text: string, look: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, `planted-${randomUUID()}.ts`)
  await mkdir(join(root, folder), { recursive: true })
  try {
    await writeFile(join(root, path), text)
    return await look(path)
  } finally {
    await rm(join(root, path), { force: true })
  }
}

/** The same for several at once. */
async function plantedAll<T>(
  folder: string,
  texts: readonly string[],
  look: (paths: string[]) => Promise<T>,
  paths: string[] = [],
): Promise<T> {
  const [text, ...rest] = texts
  if (text === undefined) return look(paths)
  return planted(folder, text, (path) => plantedAll(folder, rest, look, [...paths, path]))
}

/** What the linter says against each of these files when it looks at them all in one run. */
async function complaintsOf(paths: readonly string[]): Promise<string[][]> {
  const { output } = await run(oxlint, ['--deny-warnings', '--format', 'json', ...paths])
  type Diagnostic = { message: string; help?: string; filename: string }
  const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] }
  return paths.map((path) =>
    diagnostics.filter(({ filename }) => filename === path).map(({ message, help }) => help ?? message),
  )
}

/** What the design forbids, folder by folder, written from its words and not from the linter's settings. */
const forbidden: Readonly<Record<string, { message: string; imports: readonly string[] }>> = {
  'src/core': {
    message: 'core is pure',
    imports: [
      'node:fs',
      'node:crypto',
      'zod',
      'pg',
      'drizzle-orm',
      '../config.ts',
      '../context.ts',
      '../store/db.ts',
      '../actions/pause.ts',
      '../sequences/index.ts',
      '../mail/mailer.ts',
      '../capture/text.ts',
      '../../emails/index.ts',
    ],
  },
  'src/sequences': {
    message: 'sequences know core',
    imports: [
      '../store/db.ts',
      '../actions/pause.ts',
      '../http/app.ts',
      '../cli/wire.ts',
      '../mail/mailer.ts',
      '../capture/text.ts',
      '../booking/index.ts',
      '../demo/cast.ts',
      '../../jobs/queues.ts',
      'drizzle-orm',
      'drizzle-orm/pg-core',
      '../../drizzle/schema/index.ts',
    ],
  },
  'src/store': {
    message: 'store speaks SQL',
    imports: [
      '../actions/pause.ts',
      '../http/app.ts',
      '../cli/wire.ts',
      '../mail/mailer.ts',
      '../capture/text.ts',
      '../booking/index.ts',
      '../demo/cast.ts',
      '../../jobs/queues.ts',
      '../../emails/index.ts',
    ],
  },
  'src/capture': {
    message: 'an adapter verifies and maps',
    imports: [
      '../store/db.ts',
      '../actions/pause.ts',
      '../http/app.ts',
      '../cli/wire.ts',
      '../mail/mailer.ts',
      '../sequences/index.ts',
      '../demo/cast.ts',
      '../../jobs/queues.ts',
      '../../emails/index.ts',
      'drizzle-orm',
      '../../drizzle/schema/index.ts',
    ],
  },
  'src/booking/adapters': {
    message: 'an adapter verifies and maps',
    imports: [
      '../../store/db.ts',
      '../../actions/pause.ts',
      '../../mail/mailer.ts',
      '../../../jobs/queues.ts',
    ],
  },
  'src/mail/sandbox': {
    message: 'mail knows core',
    imports: [
      '../../store/db.ts',
      '../../actions/pause.ts',
      '../../cli/wire.ts',
      '../../sequences/index.ts',
      '../../capture/text.ts',
      '../../booking/index.ts',
      '../../demo/cast.ts',
      '../../../jobs/queues.ts',
      '../../../emails/index.ts',
      'drizzle-orm',
    ],
  },
  'src/actions': {
    message: 'an action has no SQL, no vendor and no edge',
    imports: [
      '../http/app.ts',
      '../cli/wire.ts',
      '../demo/cast.ts',
      '../capture/adapters/typeform.ts',
      '../capture/index.ts',
      '../booking/adapters/calendly.ts',
      '../booking/index.ts',
      '../mail/sandbox/sandbox.ts',
      '../postgres/cluster.ts',
      '../../jobs/queues.ts',
      '../../emails/index.ts',
      '../../drizzle/schema/index.ts',
      'drizzle-orm',
      'hono',
      'hono/html',
      'bullmq',
      'resend',
      'pg',
      'react',
      '@react-email/render',
    ],
  },
  'src/http/routes': {
    message: 'a route parses, calls one action and answers',
    imports: [
      '../../cli/wire.ts',
      '../../demo/cast.ts',
      '../../postgres/cluster.ts',
      '../../../jobs/queues.ts',
      '../../../emails/index.ts',
      '../../../drizzle/schema/index.ts',
      'drizzle-orm',
      'bullmq',
      'resend',
      'pg',
    ],
  },
  'src/studio/ui': {
    message: 'the studio runs in a browser',
    imports: [
      '../../store/db.ts',
      '../../actions/pause.ts',
      '../../cli/wire.ts',
      '../../mail/mailer.ts',
      '../../capture/text.ts',
      '../../booking/index.ts',
      '../../sequences/index.ts',
      '../../demo/cast.ts',
      '../../postgres/cluster.ts',
      '../../../jobs/queues.ts',
      '../../../emails/index.ts',
      '../../../drizzle/schema/index.ts',
      'drizzle-orm',
      'node:fs',
      'pg',
      'bullmq',
      'resend',
    ],
  },
  jobs: {
    message: 'a job parses, calls one action and maps its errors',
    imports: [
      '../src/http/app.ts',
      '../src/cli/wire.ts',
      '../src/demo/cast.ts',
      '../src/capture/text.ts',
      '../src/booking/index.ts',
      '../src/mail/mailer.ts',
      '../src/postgres/cluster.ts',
      '../emails/index.ts',
      '../drizzle/schema/index.ts',
      'drizzle-orm',
      'hono',
      'resend',
    ],
  },
  emails: {
    message: 'emails',
    imports: ['../src/config.ts', '../src/store/db.ts', '../src/actions/pause.ts'],
  },
}

const use = (from: string) => `import * as planted from '${from}'\n\nexport const used = planted\n`

describe('a planted import fails the linter, with the rule that it breaks', () => {
  for (const [folder, { message, imports }] of Object.entries(forbidden))
    test(folder, async () => {
      const texts = [...imports.map(use), ...imports.map((from) => `export * from '${from}'\n`)]
      const complaints = await plantedAll(folder, texts, complaintsOf)
      const passed = texts.filter((_, index) => !complaints[index]!.some((one) => one.startsWith(message)))
      expect(passed).toEqual([])
    })

  test('emails: a value of core, of which they may know types', async () => {
    const complaints = await plantedAll('emails', [use('../src/core/schedule.ts')], complaintsOf)
    expect(complaints).toEqual([['emails import only types of core.']])
  })

  test('the studio: a value of the routes, of which it may know types', async () => {
    const complaints = await plantedAll('src/studio', [use('../http/studio/api.ts')], complaintsOf)
    expect(complaints).toEqual([['the studio imports only types of the routes.']])
  })

  test('what is allowed passes', async () => {
    const allowed: [folder: string, text: string][] = [
      ['src/core', use('./problem.ts')],
      ['src/core', use('temporal-polyfill')],
      ['src/sequences', use('../core/sequence.ts')],
      ['src/store', use('../core/problem.ts')],
      ['src/store', use('drizzle-orm')],
      ['src/capture/adapters', use('../../core/problem.ts')],
      ['src/mail', use('../core/problem.ts')],
      ['src/actions', use('../store/leads.ts')],
      ['src/http/routes', use('../../actions/pause.ts')],
      ['jobs', use('../src/actions/pause.ts')],
      ['src/studio', use('../core/user.ts')],
      [
        'src/studio',
        `import type { StudioApi } from '../http/studio/api.ts'\n\nexport type Used = StudioApi\n`,
      ],
      ['emails', `import type { Brand } from '../src/core/brand.ts'\n\nexport type Used = Brand\n`],
    ]
    for (const [folder, text] of allowed)
      expect([folder, text, await plantedAll(folder, [text], complaintsOf)]).toEqual([folder, text, [[]]])
  })

  test('every folder that the linter guards is tried here', () => {
    const { overrides } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
      overrides: { files: string[]; rules: Record<string, unknown> }[]
    }
    const guarded = overrides
      .filter(({ rules }) => 'no-restricted-imports' in rules)
      .flatMap(({ files }) => files.map((file) => file.replace('/**', '')))
    const tried = Object.keys(forbidden)
    for (const folder of guarded)
      expect([folder, tried.some((one) => one === folder || one.startsWith(`${folder}/`))]).toEqual([
        folder,
        true,
      ])
  })
})

describe('a planted line fails the linter', () => {
  test.each([
    ['src/actions', 'export const key = process.env.RESEND_API_KEY\n', 'node(no-process-env)'],
    ['src/http', 'export const key = process.env.RESEND_API_KEY\n', 'node(no-process-env)'],
    ['src/store', "console.log('x')\n\nexport {}\n", 'eslint(no-console)'],
    ['src/mail', 'export const it = (value: any) => value as unknown\n', 'no-explicit-any'],
    ['jobs', 'export const same = (a: unknown) => a == 1\n', 'eslint(eqeqeq)'],
    ['src/core', 'export const now = () => Date.now()\n', 'core has no clock of its own'],
    [
      'src/core',
      "import { Temporal } from 'temporal-polyfill'\n\nexport const now = () => Temporal.Now.instant()\n",
      'core has no clock of its own',
    ],
    ['src/core', 'export const dice = () => Math.random()\n', 'core leaves nothing to chance'],
  ])('%s: %s', async (folder, text, rule) => {
    const { code, output } = await planted(folder, text, (path) => lint(path))
    expect([code, output]).toEqual([1, expect.stringContaining(rule)])
  })

  test('a cycle', async () => {
    const name = `planted-${randomUUID()}`
    const [a, b] = [`src/store/${name}-a.ts`, `src/store/${name}-b.ts`]
    try {
      await writeFile(join(root, a), `import { two } from './${name}-b.ts'\n\nexport const one = () => two\n`)
      await writeFile(join(root, b), `import { one } from './${name}-a.ts'\n\nexport const two = () => one\n`)
      const { code, output } = await lint(a, b)
      expect([code, output]).toEqual([1, expect.stringContaining('import(no-cycle)')])
    } finally {
      await rm(join(root, a), { force: true })
      await rm(join(root, b), { force: true })
    }
  })
})

test('core knows neither Node nor the DOM: its own type check refuses them, and passes without', async () => {
  const clean = await run(tsc, ['--noEmit', '-p', 'src/core'])
  expect(clean).toEqual({ code: 0, output: '' })
  const reaches: [text: string, complaint: RegExp][] = [
    ["import { readdirSync, readFileSync } from 'node:fs'\n\nexport const read = readFileSync\n", /node:fs/],
    ['export const key = () => process.pid\n', /process/],
    ['export const bytes = Buffer.alloc(1)\n', /Buffer/],
    ['export const page = () => document.title\n', /document/],
  ]
  const texts = reaches.map(([text]) =>
    text.replaceAll('export const ', `export const x${randomUUID().slice(0, 4)}`),
  )
  const { code, output } = await planted('src/core', reaches[0]![0], (one) =>
    planted('src/core', texts.slice(1).join('\n'), async (rest) => ({
      ...(await run(tsc, ['--noEmit', '-p', 'src/core'])),
      one,
      rest,
    })),
  )
  expect(code).not.toBe(0)
  for (const [, complaint] of reaches) expect(output).toMatch(complaint)
})

test('core asks nobody for the time: no date is made of nothing', () => {
  const files = readdirSync(join(root, 'src/core')).filter((name) => name.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(10)
  const clocks = files.filter((name) =>
    /new Date\(\s*\)/.test(readFileSync(join(root, 'src/core', name), 'utf8')),
  )
  expect(clocks).toEqual([])
})

test('the tree as it is passes', async () => {
  const { code, output } = await lint()
  expect([code, output]).toEqual([0, expect.stringContaining('Found 0 warnings and 0 errors')])
})
