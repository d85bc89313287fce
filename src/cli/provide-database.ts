import { join } from 'node:path'
import { migrate } from '../../drizzle/migrate.ts'
import type { Config } from '../config.ts'
import { Problem } from '../core/problem.ts'
import { startCluster } from '../postgres/cluster.ts'
import { dataDir } from './data-dir.ts'

export type ProvidedDatabase = {
  url: string
  /** Stops the server if it is ours and nobody else uses it. */
  stop(): Promise<void>
}

/**
 * A migrated database: the one of DATABASE_URL, or the embedded PostgreSQL in the data folder.
 * Throws Problem `config` when real mail would rest on the embedded one without `embedded` saying so.
 */
export async function provideDatabase(
  config: Pick<Config, 'mode' | 'databaseUrl'>,
  options: { embedded: boolean; log: (line: string) => void },
): Promise<ProvidedDatabase> {
  if (config.databaseUrl !== null) {
    await migrate(config.databaseUrl)
    return { url: config.databaseUrl, stop: async () => {} }
  }
  if (config.mode === 'live' && !options.embedded)
    throw new Problem(
      'config',
      'DATABASE_URL is missing, and RESEND_API_KEY would mail real people from a database that nobody backs up. ' +
        'Set DATABASE_URL, or say --embedded if this is what you want.',
    )
  const cluster = await startCluster({ home: join(dataDir, 'postgres'), log: options.log })
  await cluster.createDatabase('nurture')
  const url = cluster.url('nurture')
  await migrate(url)
  return { url, stop: () => cluster.stop() }
}
