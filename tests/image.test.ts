import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const run = promisify(execFile)

type Service = {
  image?: string
  command?: string[]
  environment?: Record<string, string>
  env_file?: string
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  restart?: string
  ports?: string[]
  container_name?: string
  profiles?: string[]
}
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>
}
const { services } = compose
const dockerfile = readFileSync('.docker/Dockerfile', 'utf8')
const ignored = readFileSync('.dockerignore', 'utf8').trim().split('\n')

describe('docker-compose.yml', () => {
  test('has what runs in production, each with a health check or an end', () => {
    expect(Object.keys(services).sort()).toEqual(['migrate', 'postgres', 'redis', 'sandbox', 'web', 'worker'])
    for (const name of ['postgres', 'redis', 'web', 'worker'])
      expect([name, services[name]!.healthcheck?.test[0]]).toEqual([name, expect.stringMatching(/^CMD/)])
    expect(services.migrate!.restart).toBe('no')
    expect(services.sandbox!.profiles).toEqual(['try'])
  })

  test('migrates once database and queue are healthy, and starts web and worker only after that', () => {
    expect(services.migrate!.depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    })
    for (const name of ['web', 'worker'])
      expect(services[name]!.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } })
  })

  test('lets workers be scaled: nothing of them can exist only once', () => {
    const { ports, container_name, environment } = services.worker!
    expect([ports, container_name]).toEqual([undefined, undefined])
    expect(environment).toEqual({
      DATABASE_URL: expect.stringContaining('@postgres:5432/'),
      REDIS_URL: 'redis://redis:6379',
    })
  })

  test('holds no secret, opens no port beyond this machine, and lets Redis evict nothing', () => {
    for (const [name, { environment = {}, ports = [] }] of Object.entries(services)) {
      for (const [variable, value] of Object.entries(environment))
        if (/PASSWORD|SECRET|KEY|DATABASE_URL/.test(variable))
          expect([name, variable, value]).toEqual([
            name,
            variable,
            expect.stringContaining('${POSTGRES_PASSWORD:?'),
          ])
      for (const port of ports) expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:/)])
    }
    expect(services.redis!.command!.join(' ')).toContain('--maxmemory-policy noeviction')
  })

  test.each(['migrate', 'web', 'worker', 'sandbox'])('%s runs a command that there is', async (name) => {
    const [command = ''] = services[name]!.command!
    const { stdout } = await run('node', ['--import', 'tsx', 'src/cli/main.ts', command, '--help'])
    for (const [flag] of services[name]!.command!.join(' ').matchAll(/--[a-z]+/g))
      expect(stdout).toContain(flag)
  })
})

describe('the image', () => {
  const [build = '', final = ''] = dockerfile.split(/^FROM /m).slice(1)

  test('takes in what the service is made of, and nothing else of this folder', () => {
    expect(ignored[0]).toBe('*')
    const taken = ignored.slice(1).map((line) => line.replace(/^!/, ''))
    expect(taken.sort()).toEqual(
      ['drizzle', 'emails', 'jobs', 'package-lock.json', 'package.json', 'src', 'tsconfig.json'].sort(),
    )
    for (const path of taken) expect([path, existsSync(path)]).toEqual([path, true])
  })

  test('builds the studio in a stage of its own, and leaves the tools for it there', () => {
    expect(build).toMatch(/^RUN npm ci --ignore-scripts/m)
    expect(build).not.toMatch(/--omit|NODE_ENV/)
    expect(final).toContain('NODE_ENV=production')
    // Scripts that run after an install may need what is left out here.
    expect(final.match(/npm .*/g)).toEqual([expect.stringMatching(/^npm ci --omit=dev --ignore-scripts/)])
  })

  test('holds each folder that may come in', () => {
    const copied = [...final.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, line]) =>
      line!.split(' ').slice(0, -1),
    )
    expect(copied.sort()).toEqual(
      ignored
        .slice(1)
        .map((line) => line.replace(/^!/, ''))
        .sort(),
    )
  })

  test('runs as nobody special, and holds no secret', () => {
    expect(final).toMatch(/^USER node$/m)
    expect(final.indexOf('USER node')).toBeLessThan(final.indexOf('ENTRYPOINT'))
    expect(dockerfile).not.toMatch(/^ARG |SECRET|PASSWORD|API_KEY|\.env/m)
    const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(final)![1]!) as string[]
    expect(existsSync(entry.at(-1)!)).toBe(true)
  })
})
