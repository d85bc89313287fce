import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { freePort } from '../../src/cli/free-port.ts'
import { report, reportUnmeasured } from './support/report.ts'

const before = process.exitCode
afterEach(() => {
  process.exitCode = before
  vi.restoreAllMocks()
})

/** Runs a file as `npm run` does, in a folder of its own if one is given. */
const run = (file: string, { cwd = process.cwd(), env = {} } = {}) =>
  spawnSync('node', ['--import', import.meta.resolve('tsx'), resolve('tests/bench', file)], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    encoding: 'utf8',
  })

test('a benchmark whose goal is missed, or that could not look at it, ends with 1', () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  report('enough', [1, 2, 3], { atLeast: 2 })
  report('little enough', [1, 2, 3], { atMost: 2 })
  expect(process.exitCode).toBe(before)
  report('too little', [1, 2, 3], { atLeast: 2.1 })
  expect(process.exitCode).toBe(1)
  process.exitCode = before
  report('too much', [1, 2, 3], { atMost: 1.9 })
  expect(process.exitCode).toBe(1)
  process.exitCode = before
  reportUnmeasured('unknown', 'there is nothing to compare with')
  expect(process.exitCode).toBe(1)
})

test('all benchmarks run to the end, whatever one of them comes to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nurture-bench-'))
  const scripts = {
    'bench:one': 'echo first',
    'bench:two': 'exit 1',
    'bench:three': 'echo third',
    other: 'echo x',
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts }))
  try {
    const bad = run('all.ts', { cwd: folder })
    expect(bad.status).toBe(1)
    expect(bad.stdout).toMatch(/first[^x]*third[^x]*missed a goal: bench:two\n$/)
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ scripts: { ...scripts, 'bench:two': 'true' } }),
    )
    expect(run('all.ts', { cwd: folder })).toMatchObject({ status: 0 })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.each(['end-to-end.ts', 'lateness.ts', 'scale-out.ts', 'worker-memory.ts', 'capture.ts'])(
  '%s says at once that there is no Redis',
  async (file) => {
    const { status, stderr } = run(file, { env: { REDIS_URL: `redis://127.0.0.1:${await freePort()}` } })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^!! DID NOT RUN: this needs a Redis at 127/)
  },
)
