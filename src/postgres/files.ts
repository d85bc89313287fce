import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** True when `error` is a system or database error of that code, such as `ENOENT` or `42P04`. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as { code?: string } | null)?.code ?? '')
}

/** The text of a file, or null when there is none. */
export async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  })
}

/** Writes a file that only its owner can read, such that a crash leaves the old one, the new one or none. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await moveInto(draft, path)
}

/** Renames, and makes the new name survive a power cut. */
export async function moveInto(from: string, to: string): Promise<void> {
  await rename(from, to)
  const folder = await open(dirname(to))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
