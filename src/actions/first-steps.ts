import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { findFirstMail, listConnections } from '../store/first-steps.ts'
import { addSetting, findSetting } from '../store/settings.ts'
import { type NoteApproval, noteSetting } from './approve-note.ts'
import { findStoredBrand } from './refresh-brand.ts'
import { type TestLead, testLeadSetting, testSource } from './send-test-lead.ts'

/** Who set the service going for real. */
type GoneLive = { by: string; at: string }

const liveSetting = 'gone-live'

/** How far a new clinic has come. What is not done yet is shown until it is. */
export type FirstSteps = {
  brand: { done: boolean; missing: string[] }
  note: { done: boolean; words: string; isSample: boolean; approval: NoteApproval | null }
  call: { done: boolean }
  form: { done: boolean; sources: { slug: string; name: string; hasLead: boolean }[] }
  test: { done: boolean; at: string | null; status: string | null; reason: string | null }
  /** `missing`: what the environment lacks before real mail can go out. */
  live: { done: GoneLive | null; mode: Config['mode']; missing: Config['missingForLive'] }
}

/** Looks at each step as it is now; `demoSource` is the slug of the demo site's form, which is no form of the clinic. */
export async function firstSteps(
  ctx: Pick<Context, 'db' | 'config'>,
  demoSource: string,
): Promise<FirstSteps> {
  const { brand, sampleFields, mode, missingForLive } = ctx.config
  const { fields } = await findStoredBrand(ctx.db)
  const missing = sampleFields.filter((field) => !(field in fields))
  const approval = await findSetting<NoteApproval>(ctx.db, noteSetting)
  const sources = await listConnections(ctx.db, [demoSource, testSource])
  const test = await findSetting<TestLead>(ctx.db, testLeadSetting)
  const mail = test && (await findFirstMail(ctx.db, test.leadId))
  const isSample = missing.includes('urgentCareNote')
  return {
    brand: {
      done: missing.every((field) => field === 'urgentCareNote'),
      missing: missing.filter((field) => field !== 'urgentCareNote'),
    },
    note: {
      done: approval?.note === brand.urgentCareNote,
      words: brand.urgentCareNote,
      isSample,
      approval: approval?.note === brand.urgentCareNote ? approval : null,
    },
    call: { done: brand.call !== null },
    form: { done: sources.some(({ hasLead }) => hasLead), sources },
    test: {
      done: Boolean(mail?.acceptedAt),
      at: test?.at ?? null,
      status: mail?.status ?? null,
      reason: mail?.reason ?? null,
    },
    live: { done: await findSetting<GoneLive>(ctx.db, liveSetting), mode, missing: missingForLive },
  }
}

const names: Readonly<Record<'brand' | 'note' | 'call' | 'form' | 'test', string>> = {
  brand: 'fill in the clinic’s own details',
  note: 'approve the words on urgent care',
  call: 'say what a call is like',
  form: 'connect a form, and send it once',
  test: 'send a test lead through',
}

/**
 * Records that the clinic goes live. Real mail itself depends on the environment alone, so this is the last look that
 * nothing is missing. Throws Problem `conflict` with all that is.
 */
export async function goLive(
  ctx: Pick<Context, 'db' | 'config' | 'clock'>,
  { demoSource, actor }: { demoSource: string; actor: string },
): Promise<void> {
  const steps = await firstSteps(ctx, demoSource)
  const open = (Object.keys(names) as (keyof typeof names)[]).filter((name) => !steps[name].done)
  const lacking = [
    ...open.map((name) => ({ field: name, message: names[name] })),
    ...steps.live.missing.map(({ name, expected }) => ({ field: name, message: `expected ${expected}` })),
  ]
  if (lacking.length > 0)
    throw new Problem('conflict', 'Something is still missing before real mail goes out.', lacking)
  const now = ctx.clock.now()
  await inTransaction(ctx.db, async (tx) => {
    const gone: GoneLive = { by: actor, at: now.toISOString() }
    if (!(await addSetting(tx, liveSetting, gone, now))) return
    await insertAudit(tx, { actor, action: 'go-live', subject: liveSetting }, now)
  })
}
