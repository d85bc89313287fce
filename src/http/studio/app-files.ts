import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Where `npm run studio:build` puts the app. */
const folder = fileURLToPath(new URL('../../../.studio', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

type AppFile = { type: string; bytes: Uint8Array<ArrayBuffer>; packed: Uint8Array<ArrayBuffer> }

export type AppFiles = {
  /** The page that everything starts with; `%NONCE%` stands where a nonce belongs. */
  index: string
  /** By name; each name holds a hash of what is in it. */
  assets: ReadonlyMap<string, AppFile>
}

/** The built app, read once, packed once; null where it was not built. */
export function readAppFiles(): AppFiles | null {
  const index = join(folder, 'index.html')
  if (!existsSync(index)) return null
  const assets = new Map<string, AppFile>()
  for (const name of readdirSync(join(folder, 'assets'))) {
    const type = types[extname(name)]
    if (!type) continue
    const bytes = new Uint8Array(readFileSync(join(folder, 'assets', name)))
    assets.set(name, { type, bytes, packed: new Uint8Array(gzipSync(bytes, { level: 9 })) })
  }
  return { index: readFileSync(index, 'utf8'), assets }
}
