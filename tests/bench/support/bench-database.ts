import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../../../drizzle/migrate.ts'
import { startCluster } from '../../../src/postgres/cluster.ts'

export type BenchDatabase = { url: string; close(): Promise<void> }

/**
 * A fresh, migrated database: on the server of `DATABASE_URL` if that is set, else on a cluster of the benchmark's
 * own, fsync on.
 */
export async function createBenchDatabase(name: string): Promise<BenchDatabase> {
  const given = process.env.DATABASE_URL
  return given ? onServer(given, `nurture_bench_${name}`) : onOwnCluster(name)
}

async function onServer(server: string, name: string): Promise<BenchDatabase> {
  await query(server, `drop database if exists ${name} with (force)`)
  await query(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  await migrate(url.href)
  return { url: url.href, close: () => query(server, `drop database if exists ${name} with (force)`) }
}

async function onOwnCluster(name: string): Promise<BenchDatabase> {
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

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
