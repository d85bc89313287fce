import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

const maxBytes = 5_000_000
const tailBytes = 2_000

/** What one launch of the server writes: `handle` to give it, `tail` to quote from it. */
export type ServerLog = { path: string; handle: FileHandle; tail(): Promise<string> }

/** Opens `postgres.log` in `home` to append to. Past 5 MB the file so far is kept as `postgres.log.old`. */
export async function openServerLog(home: string): Promise<ServerLog> {
  const path = join(home, 'postgres.log')
  let start = (await stat(path).catch(() => null))?.size ?? 0
  if (start > maxBytes) {
    await rename(path, `${path}.old`)
    start = 0
  }
  const handle = await open(path, 'a', 0o600)
  return { path, handle, tail: () => readTail(path, start) }
}

async function readTail(path: string, start: number): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const from = Math.max(start, size - tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, from)
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await file.close()
  }
}
