import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { putSetting } from '../store/settings.ts'
import { ensureSource } from '../store/sources.ts'
import { captureVerified } from './capture-lead.ts'

/** The source of leads that the studio sends for a test. No secret opens it, so nobody else can send to it. */
export const testSource = 'studio-test'
export const testLeadSetting = 'test-lead'

export type TestLead = { leadId: string; at: string }

/**
 * Sends a lead through as a form would: it is stored, enrolled and mailed like any other. Throws Problem `conflict`
 * when nothing can go to this address, and as capturing does for what is no address.
 */
export async function sendTestLead(
  ctx: Context,
  { email, sequence, actor }: { email: string; sequence: string; actor: string },
): Promise<TestLead> {
  const now = ctx.clock.now()
  const source = await ensureSource(ctx.db, {
    slug: testSource,
    name: 'Test from the studio',
    adapter: 'bearer',
    secrets: [],
    sequence,
    createdAt: now,
  })
  const form = { email, first_name: 'Test', consent: 'yes', submission_id: randomUUID() }
  const { leadId } = await captureVerified(ctx, {
    source,
    request: {
      method: 'POST',
      url: `${ctx.config.publicUrl}/hooks/leads/${testSource}`,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(form)),
    },
    screen: async () => null,
    receivedAt: now,
  })
  if (leadId === null)
    throw new Problem('conflict', 'No lead came of it. See what is parked, or use another address.')
  const lead: TestLead = { leadId, at: now.toISOString() }
  await putSetting(ctx.db, testLeadSetting, lead, now)
  await insertAudit(ctx.db, { actor, action: 'send-test-lead', subject: leadId }, now)
  ctx.wake()
  return lead
}
