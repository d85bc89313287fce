import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'

/** True for a uid without an entry in the user database, as in `docker run -u 12345`. */
export function isNameless(): boolean {
  try {
    userInfo()
    return false
  } catch {
    return true
  }
}

/**
 * Makes copies of the programs that run for a nameless user. `initdb`, and `postgres` in the mode that initdb
 * uses, insist on `getpwuid(geteuid())`, only to learn a name that `--username` then overrides. In the copies
 * that call goes to `getpwent()`, which gives the first user there is: same length, same library, same result
 * type. The server that later runs is the original, which asks for no name.
 *
 * @param binaries folder with `bin`, `lib` and `share`
 * @param folder an empty folder to copy to
 * @returns the folder to use in place of `binaries`
 */
export async function copyForNameless(binaries: string, folder: string): Promise<string> {
  await mkdir(join(folder, 'bin'), { recursive: true })
  for (const part of ['lib', 'share']) await symlink(join(binaries, part), join(folder, part))
  for (const program of ['initdb', 'postgres']) {
    const copy = join(folder, 'bin', program)
    await copyFile(join(binaries, 'bin', program), copy)
    const bytes = await readFile(copy)
    const at = bytes.indexOf('\0getpwuid\0', 'latin1')
    if (at === -1) continue // then initdb says itself what it misses
    bytes.write('getpwent', at + 1, 'latin1')
    await writeFile(copy, bytes)
  }
  return folder
}
