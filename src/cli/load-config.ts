import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Config, readConfig } from '../config.ts'
import { Problem } from '../core/problem.ts'
import { dataDir } from './data-dir.ts'
import { readLocalSecrets } from './local-secrets.ts'

/** The config of this machine: `.env` in the working directory, under what the environment itself says. */
export function loadConfig(): Config {
  requireTypeScriptSettings()
  if (existsSync('.env')) process.loadEnvFile('.env')
  return readConfig(process.env, () => readLocalSecrets(join(dataDir, 'secrets.json')))
}

/**
 * The loader of TypeScript takes tsconfig.json from the working folder, unless it is told where: without it every mail
 * would fail to render. Throws Problem `config` then.
 */
function requireTypeScriptSettings(): void {
  const own = fileURLToPath(new URL('../..', import.meta.url))
  if (!process.env.TSX_TSCONFIG_PATH && realpathSync(process.cwd()) !== realpathSync(own))
    throw new Problem(
      'config',
      `Start nurture in its own folder (cd ${own}), or set TSX_TSCONFIG_PATH to its tsconfig.json.`,
    )
}
