import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { beginDraft, type Draft, findDraft, saveOver, takeDraft } from '../store/drafts.ts'

/** Somebody who comes back to a draft after this long has sat down to it anew. */
const sittingMs = 10 * 60_000

type Save = {
  subject: string
  content: object
  /** The version that the writer had before them; null: they saw no draft. */
  over: string | null
  /** The revision in force that they had before them. */
  base: number
  actor: string
}

/**
 * Keeps what a person is at work on. One draft a subject, for all who work on it.
 * `inForce` reads which revision is in force. The log tells of each sitting, and not of each pause in typing.
 * Throws Problem `conflict` that says who was faster and when; nothing is lost or overwritten then.
 */
export async function saveDraft(
  ctx: Pick<Context, 'db' | 'clock'>,
  save: Save,
  inForce: (db: Db) => Promise<{ revision: number; author: string | null; at: Date | null }>,
): Promise<Draft> {
  const { subject, actor, over } = save
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const before = await findDraft(tx, subject)
    if (over === null) {
      const current = await inForce(tx)
      if (current.revision !== save.base) throw overtaken('published', current.author, current.at)
    }
    const draft = { subject, content: save.content, base: save.base, author: actor }
    const saved = over === null ? await beginDraft(tx, draft, now) : await saveOver(tx, draft, over, now)
    if (!saved) {
      // Whoever committed while this one waited is not in what was read before.
      const winner = await findDraft(tx, subject)
      if (winner) throw overtaken('saved', winner.author, winner.savedAt)
      const current = await inForce(tx)
      throw overtaken('published or discarded', current.author, current.at)
    }
    const isNewSitting =
      before?.author !== actor || saved.savedAt.getTime() - before.savedAt.getTime() > sittingMs
    if (isNewSitting) {
      const detail = { version: saved.version, base: saved.base }
      await insertAudit(tx, { actor, action: before ? 'work-on-draft' : 'begin-draft', subject, detail }, now)
    }
    return saved
  })
}

/** Throws away what nobody wants to publish. Throws Problem `conflict` when another version was saved meanwhile. */
export async function discardDraft(
  ctx: Pick<Context, 'db' | 'clock'>,
  { subject, version, actor }: { subject: string; version: string; actor: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    await claimDraft(tx, subject, version)
    await insertAudit(tx, { actor, action: 'discard-draft', subject }, ctx.clock.now())
  })
}

/** Takes the draft that a person has before them, to publish or discard it. Throws Problem `conflict` as `saveDraft` does. */
export async function claimDraft(tx: Db, subject: string, version: string): Promise<Draft> {
  const draft = await takeDraft(tx, subject, version)
  if (draft) return draft
  const winner = await findDraft(tx, subject)
  throw winner
    ? overtaken('saved', winner.author, winner.savedAt)
    : new Problem('conflict', 'This draft is gone: somebody published or discarded it. Look again.')
}

/** In words for the person whose text is not stored; their page still has it, and offers both. */
function overtaken(what: string, who: string | null, at: Date | null): Problem {
  const when = at ? ` at ${at.toISOString()}` : ''
  return new Problem(
    'conflict',
    `${who ?? 'Somebody else'} ${what} another version${when}, while you were at work. Yours is not stored yet: compare the two.`,
  )
}
