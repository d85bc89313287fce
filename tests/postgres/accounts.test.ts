import { chmod, chown, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { asRoot, base, home, lines, query, serverOn, start, startInChild } from './support.ts'

const nobody = 65534

describe.runIf(asRoot)('as root', () => {
  test('the server runs as another user, in no group of ours', async () => {
    await start()
    const { pid } = await serverOn(join(home, 'data'))
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const { uid, gid } = await stat(join(home, 'data'))
    expect(uid).not.toBe(0)
    expect(status).toContain(`\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`)
    expect(status).toContain(`\nGid:\t${gid}\t${gid}\t${gid}\t${gid}\n`)
    expect(status).toMatch(/\nGroups:\s*\n/)
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8')
    expect(environment).not.toContain('PATH=')
  })

  test('a home that the server can not reach keeps its data outside', async () => {
    await chmod(base, 0o700)
    const cluster = await start()
    await query(cluster.url('postgres'), 'create table kept as select 7 as value')
    const [folder] = (await readFile(join(home, 'place'), 'utf8')).split('\n')
    expect(folder).toMatch(/^\/var\/(lib|tmp)\/nurture-postgres-[0-9a-f]{12}-/)
    expect(await stat(folder!)).toMatchObject({ uid: 0, mode: 0o40711 })
    await cluster.stop()

    const again = await start()
    expect(await query(again.url('postgres'), 'select value from kept')).toBe(7)
    await again.stop()

    await chmod(folder!, 0o777)
    await expect(start()).rejects.toThrow(/should be a folder that only root can write to/)
    await chmod(folder!, 0o711)

    const moved = join(base, 'moved')
    await rename(home, moved)
    await expect(start({ home: moved })).rejects.toThrow(/was moved or copied from/)
    await rename(moved, home)

    await rm(folder!, { recursive: true })
    const empty = await start()
    expect(lines.some((line) => line.includes('is gone: starting with an empty one'))).toBe(true)
    expect(await query(empty.url('postgres'), `select to_regclass('kept') as value`)).toBeNull()
    await empty.stop()
  })

  test('another user starts a home of its own, and is refused one of ours', async () => {
    await mkdir(home)
    await chown(home, nobody, nobody)
    const own = startInChild({ uid: nobody, gid: nobody })
    expect(await query((await own.up()).url, 'select 1 as value')).toBe(1)
    await expect(start()).rejects.toThrow(/belongs to user 65534, but nurture runs as user 0/)
    await chown(home, 0, 0)
    const foreign = startInChild({ uid: nobody, gid: nobody })
    expect(await foreign.until('error')).toMatchObject({
      error: expect.stringContaining('belongs to user 0'),
    })
    await chown(home, nobody, nobody)
  })

  test('a uid that the user database does not know can start one too', async () => {
    await mkdir(home)
    await chown(home, 12345, 12345)
    const { up } = startInChild({ uid: 12345, gid: 12345 })
    expect(await query((await up()).url, 'select 1 as value')).toBe(1)
  })
})
