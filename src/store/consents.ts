import { and, eq, gt } from 'drizzle-orm'
import { consents } from '../../drizzle/schema/index.ts'
import type { ConsentBasis } from '../core/consent.ts'
import type { Db } from './db.ts'
import type { Lead } from './leads.ts'

/** Adds a proof; none is ever changed. */
export async function insertConsent(
  db: Db,
  consent: Pick<typeof consents.$inferInsert, 'leadId' | 'captureId' | 'basis' | 'givenAt'>,
): Promise<void> {
  await db.insert(consents).values(consent)
}

/** What a lead agreed to, each once, without what came before a suppression that a person lifted. */
export async function listBases(db: Db, lead: Pick<Lead, 'id' | 'reopenedAt'>): Promise<ConsentBasis[]> {
  const rows = await db
    .selectDistinct({ basis: consents.basis })
    .from(consents)
    .where(
      and(
        eq(consents.leadId, lead.id),
        lead.reopenedAt === null ? undefined : gt(consents.givenAt, lead.reopenedAt),
      ),
    )
  return rows.map(({ basis }) => basis)
}
