import { fileURLToPath } from 'node:url'
import { migrate } from '../../../drizzle/migrate.ts'
import { startCluster } from '../../../src/postgres/cluster.ts'

export type BenchDatabase = { url: string; close(): Promise<void> }

/** A fresh, migrated database on a cluster of the benchmark's own, fsync on. */
export async function createBenchDatabase(name: string): Promise<BenchDatabase> {
  const home = fileURLToPath(new URL('../../../.data/bench/postgres', import.meta.url))
  const cluster = await startCluster({ home, log: () => {} })
  await cluster.dropDatabase(name)
  await cluster.createDatabase(name)
  await migrate(cluster.url(name))
  return {
    url: cluster.url(name),
    async close() {
      await cluster.dropDatabase(name)
      await cluster.stop()
    },
  }
}
