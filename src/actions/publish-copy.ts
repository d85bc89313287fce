import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { findRevision, newestRevision, publishRevision } from '../store/revisions.ts'

type Publication = {
  template: string
  revision: number
  /** The published revision that the person means to replace (0: the copy in code); by default what the draft began from. */
  over?: number | undefined
  actor: string
}

/**
 * Publishes a draft: every worker uses it from its next tick on, and sealed mail stays as it was. Returns the warnings.
 * Throws Problem `invalid` when a check refuses it, and `conflict` when another revision was published meanwhile.
 */
export async function publishCopy(ctx: Context, input: Publication): Promise<CopyFinding[]> {
  const { template, revision, actor } = input
  const draft = await findRevision(ctx.db, template, revision)
  if (!draft)
    throw new Problem('not-found', `${template} has no revision ${revision}. See: copy list ${template}`)
  if (draft.status !== 'draft')
    throw new Problem(
      'conflict',
      `Revision ${revision} of ${template} is ${draft.status}. To use its words again: copy rollback ${template} ${revision}`,
    )
  const warnings = await refuseOrWarn(ctx, template, draft.copy)
  const over = input.over ?? draft.baseRevision
  await inTransaction(ctx.db, async (tx) => {
    const done = await publishRevision(tx, { template, revision, over }, ctx.clock.now())
    if (!done) throw new Conflict(over)
    const detail = { template, revision, over }
    await insertAudit(tx, { actor, action: 'publish-copy', subject: draft.id, detail }, ctx.clock.now())
  }).catch((error: unknown) => explain(ctx.db, error, template, revision))
  return warnings
}

/** Says what a person can do about the one who was faster. */
async function explain(db: Db, error: unknown, template: string, revision: number): Promise<never> {
  if (!(error instanceof Conflict)) throw error
  const now = (await newestRevision(db, template, 'published'))?.revision ?? 0
  throw new Problem(
    'conflict',
    `Not published: revision ${revision} of ${template} was made to replace ${nameOf(error.over)}, but in force is ` +
      `${nameOf(now)}. Compare: copy diff ${template} ${now} ${revision}. ` +
      `To put yours in its place all the same: copy publish ${template} ${revision} --over ${now}`,
  )
}

/** Runs the checks; throws Problem `invalid` when one refuses, and returns the warnings. */
export async function refuseOrWarn(ctx: Context, template: string, copy: object): Promise<CopyFinding[]> {
  const findings = await ctx.copyDesk.check(template, copy)
  const refused = findings.filter(({ level }) => level === 'refuse')
  if (refused.length > 0)
    throw new Problem('invalid', `Not published: these must be mended in ${template} first.`, refused)
  return findings
}

class Conflict extends Error {
  readonly over: number
  constructor(over: number) {
    super('another revision was published meanwhile')
    this.over = over
  }
}

const nameOf = (revision: number) => (revision === 0 ? 'the copy in code' : `revision ${revision}`)
