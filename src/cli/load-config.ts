import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { dataDir } from './data-dir.ts'
import { readLocalSecrets } from './local-secrets.ts'

/** The config of this machine: `.env` in the working directory, under what the environment itself says. */
export function loadConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return readConfig(process.env, () => readLocalSecrets(join(dataDir, 'secrets.json')))
}
