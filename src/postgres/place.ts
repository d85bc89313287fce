import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, mkdtemp, realpath, rmdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '../core/problem.ts'
import { hasCode, readIfThere, writeWhole } from './files.ts'
import { type Account, canEnter, checkCanBecome, findAccount, isRoot } from './run-as.ts'

/** Where a cluster lies. `folder` is ours, `data` belongs to `account`: to us when there is none. */
export type Place = { folder: string; data: string; account?: Account }

/** The first two survive a reboot and are not swept by age everywhere; the last is better than nothing. */
const elsewhere = () => ['/var/lib', '/var/tmp', tmpdir()]

/**
 * Makes `home` if need be.
 *
 * @returns its real path, so that two ways to the same folder are one home
 * @throws Problem `config` when it belongs to someone else
 */
export async function prepareHome(home: string): Promise<string> {
  const isNew = (await mkdir(home, { recursive: true })) !== undefined
  // A umask of 077 must not lock the server's account out of a folder that we just made for it.
  if (isNew) await chmod(home, isRoot() ? 0o711 : 0o700)
  const { uid } = await stat(home)
  if (uid === process.geteuid?.()) return realpath(home)
  throw new Problem(
    'config',
    `${home} belongs to user ${uid}, but nurture runs as user ${process.geteuid?.()}. ` +
      'Start it as the same user as before, or set DATABASE_URL.',
  )
}

/**
 * Decides where the cluster of `home` lies: in it, unless we are root and the account that runs the server
 * can not get there. Then it is a folder outside, and the file `place` in `home` says which.
 *
 * @throws Problem `config` when no place can be had or the one found can not be trusted
 */
export async function findPlace(home: string, log: (line: string) => void): Promise<Place> {
  const inside = { folder: home, data: join(home, 'data') }
  if (!isRoot()) return inside
  const pointed = await followPointer(home, log)
  const folder = pointed ?? home
  const data = join(folder, 'data')
  const owner = await stat(data).catch(() => null)
  const account = owner ? { uid: owner.uid, gid: owner.gid } : await findAccount()
  if (account.uid === 0) {
    throw new Problem(
      'config',
      `${data} belongs to root, as whom PostgreSQL refuses to run. chown -R it back.`,
    )
  }
  await checkCanBecome(account)
  if (await canEnter(folder, account)) return { folder, data, account }
  if (!owner) return makeElsewhere(home, account, log)
  throw new Problem(
    'config',
    `The database is in ${data}, but its owner, user ${account.uid}, can no longer get there. ` +
      'Allow others to pass (chmod o+x) through each folder above it.',
  )
}

async function followPointer(home: string, log: (line: string) => void): Promise<string | null> {
  const pointer = join(home, 'place')
  const [folder, writtenFor] = (await readIfThere(pointer))?.split('\n') ?? []
  if (!folder) return null
  if (writtenFor !== home) {
    throw new Problem(
      'config',
      `${home} was moved or copied from ${writtenFor}, and its database lies outside, in ${folder}. ` +
        `If moved, put the new path in line 2 of ${pointer}; if copied, delete ${pointer} to start empty.`,
    )
  }
  const found = await lstat(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  })
  if (!found) {
    log(`The database that was in ${folder} is gone: starting with an empty one`)
    return null
  }
  // In a world-writable folder, anyone may have put something else under the name that we remember.
  if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return folder
  throw new Problem(
    'config',
    `${folder} should be a folder that only root can write to, and is not, so it is not used. ` +
      `Look at who changed it; delete ${pointer} to start with an empty database.`,
  )
}

/** A random name leaves nothing for others to guess or prepare; the hash of home in it is for people. */
async function makeElsewhere(home: string, account: Account, log: (line: string) => void): Promise<Place> {
  const name = `nurture-postgres-${createHash('sha256').update(home).digest('hex').slice(0, 12)}-`
  for (const base of elsewhere()) {
    const folder = await mkdtemp(join(base, name)).catch(() => null)
    if (!folder) continue
    await chmod(folder, 0o711)
    if (await canEnter(folder, account)) {
      await writeWhole(join(home, 'place'), `${folder}\n${home}\n`)
      log(
        `User ${account.uid} runs PostgreSQL for root and can not enter ${home}: the database is in ${folder}`,
      )
      return { folder, data: join(folder, 'data'), account }
    }
    await rmdir(folder)
  }
  throw new Problem(
    'config',
    `Root needs user ${account.uid} to run PostgreSQL, and that user can enter neither ${home} ` +
      `nor a new folder in ${elsewhere().join(', ')}. Start nurture as a normal user, or set DATABASE_URL.`,
  )
}
