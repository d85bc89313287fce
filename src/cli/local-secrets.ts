import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { LocalSecrets } from '../config.ts'
import { hasCode } from '../postgres/files.ts'

const stored = z.object({
  appSecret: z.string().min(32),
  resendWebhookSecret: z.string().startsWith('whsec_'),
})

/** The secrets of a try-out, made on first use and kept in `file` (mode 600), so that links outlive a restart. */
export function readLocalSecrets(file: string): LocalSecrets {
  mkdirSync(dirname(file), { recursive: true })
  const made = {
    appSecret: randomBytes(32).toString('base64url'),
    resendWebhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
  }
  // Written aside and linked into place, so that a process that starts at the same time never reads half of it.
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, file)
    return made
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')))
  } finally {
    rmSync(draft)
  }
}
