import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

export type TestDatabase = { url: string; drop(): Promise<void> }

/** A migrated database of this test's own. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `nurture_test_${randomUUID().replaceAll('-', '')}`
  await admin(`create database ${name} template ${inject('templateDatabase')}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return { url: url.href, drop: () => admin(`drop database if exists ${name} with (force)`) }
}

/** Copies of one template are made one after the other: PostgreSQL refuses a template that is in use. */
async function admin(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(7301946)')
    await client.query(text)
  } finally {
    await client.end()
  }
}
