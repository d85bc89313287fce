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
    await migrate(config.databaseUrl).catch(explain)
    return { url: config.databaseUrl, stop: async () => {} }
  }
  if (config.mode === 'live' && !options.embedded)
    throw new Problem(
      'config',
      'DATABASE_URL is missing, and RESEND_API_KEY would mail real people from a database that nobody backs up. ' +
        'Set DATABASE_URL, or say --embedded if this is what you want.',
    )
  options.log('No DATABASE_URL: starting the embedded PostgreSQL.')
  const cluster = await startCluster({ home: join(dataDir, 'postgres'), log: options.log })
  await cluster.createDatabase('nurture')
  const url = cluster.url('nurture')
  await migrate(url)
  return { url, stop: () => cluster.stop() }
}

/** Codes of a database that is not there, or does not let us in (PostgreSQL manual, appendix A: classes 08, 28, 3D). */
const unreachable = /^(?:E[A-Z_]+|08...|28...|3D...|57P03)$/

/** Turns trouble of reaching the database into one line without the address, which holds a password. */
function explain(error: unknown): never {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ('code' in cause && typeof cause.code === 'string' && unreachable.test(cause.code))
      throw new Problem(
        'config',
        `DATABASE_URL: this database cannot be used (${cause.code}). Check that PostgreSQL runs there, ` +
          'that the database exists, and that user and password are right.',
      )
  throw error
}
