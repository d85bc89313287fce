import { createHash } from 'node:crypto'
import { type ListColumns, type ListRow, readRow } from '../capture/list-columns.ts'
import { mapFields } from '../capture/map-fields.ts'
import type { Context } from '../context.ts'
import { importAdapter, type CaptureResult, type ReadCapture, storedOnly } from '../core/capture.ts'
import { type EnrollOutcome, enrollOutcomes } from '../core/enrollment.ts'
import { Problem } from '../core/problem.ts'
import { spreadOver } from '../core/spread.ts'
import { isOwn } from '../sequences/index.ts'
import { withoutHurry } from '../sequences/without-hurry.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { newId } from '../store/new-id.ts'
import { ensureSource, findSource } from '../store/sources.ts'
import { tryCaptures } from './store-captures.ts'
import { currentSequence } from './definitions.ts'

/** The source that a list is taken in under. */
type ListSource = ReadCapture['source']

/** What became of a line; `known`: an earlier run took it. */
export const importedOutcomes = [...enrollOutcomes, 'known'] as const
export type ImportedOutcome = EnrollOutcome | 'known'

/** What one line came to, or what is wrong with it, in words without personal data. */
export type ImportedLine = { outcome: ImportedOutcome } | { error: string }

/**
 * The source of a list, made when it is not there: the same name is the same list. A dry run makes none.
 * Throws Problem `config` for a sequence that is not there, or another one than the list was taken in under before.
 */
export async function importSource(
  ctx: Pick<Context, 'db' | 'sequences' | 'clock'>,
  input: { name: string; sequence: string; dryRun: boolean; actor: string },
): Promise<ListSource> {
  const { name, sequence } = input
  const named = Object.keys(ctx.sequences).filter((key) => !isOwn(key))
  if (!named.includes(sequence))
    throw new Problem('config', `No sequence ${sequence}. There are: ${named.join(', ')}.`)
  const slug = `${importAdapter}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
  // Nobody at the front desk waits for who is on a list.
  const list = { slug, adapter: importAdapter, sequence, alerts: 'none' as const }
  const known = await findSource(ctx.db, slug)
  if (known && known.sequence !== sequence)
    throw new Problem(
      'config',
      `This list has the sequence ${known.sequence}. Give another one another --name.`,
    )
  if (input.dryRun) return known ?? { ...list, id: newId(), topical: false, doubleOptIn: false }
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    await insertAudit(tx, { actor: input.actor, action: 'import-leads', subject: slug }, now)
    return ensureSource(tx, { ...list, name, secrets: [], createdAt: now })
  })
}

/**
 * When the first mail of each line may go that is enrolled: `perDay` on each day, in the window, so that a long list is
 * no flood. By the number of the line.
 */
export async function importStarts(
  ctx: Pick<Context, 'config' | 'clock' | 'db' | 'sequences'>,
  sequence: string,
  perDay: number,
): Promise<(index: number) => Date> {
  const { timeZone, holidays } = ctx.config.brand
  const [{ window }] = withoutHurry((await currentSequence(ctx, ctx.db, sequence))!).steps
  return spreadOver(window!, { from: ctx.clock.now(), perDay, timeZone, holidays })
}

/**
 * Takes some lines of a list, each as a capture of its own under all the rules of capturing; the answer is in their
 * order. The same line again changes nothing. `startAt` null stores a lead and mails nothing; a line without proof of
 * consent is stored so, too. `dryRun` only tells.
 */
export async function importLeads(
  ctx: Context,
  input: {
    source: ListSource
    columns: ListColumns
    lines: readonly { row: ListRow; startAt: Date | null }[]
    dryRun: boolean
  },
): Promise<ImportedLine[]> {
  const { source, columns, lines, dryRun } = input
  const read = lines.map(({ row, startAt }) => readLine(ctx, { source, columns, row, startAt }))
  const captures = read.filter((one): one is ReadCapture => !('error' in one))
  const settled = dryRun
    ? await tryCaptures(ctx, captures)
    : await Promise.allSettled(captures.map((capture) => ctx.captures.add(capture)))
  const results = settled.values()
  return read.map((one) => ('error' in one ? one : outcomeOf(results.next().value!)))
}

function outcomeOf(settled: PromiseSettledResult<CaptureResult>): ImportedLine {
  if (settled.status === 'rejected') throw settled.reason
  const { duplicate, outcome } = settled.value
  if (duplicate) return { outcome: 'known' }
  return outcome ? { outcome } : { error: 'the database refused it' }
}

function readLine(
  ctx: Pick<Context, 'clock' | 'config' | 'suppression'>,
  {
    source,
    columns,
    row,
    startAt,
  }: { source: ListSource; columns: ListColumns; row: ListRow; startAt: Date | null },
): ReadCapture | { error: string } {
  const now = ctx.clock.now()
  const { fields, consent } = readRow(row, columns, { now, timeZone: ctx.config.brand.timeZone })
  const text = JSON.stringify(row)
  try {
    const { lead } = mapFields({ fields }, columns.mapping)
    // Under a key, so that nobody can be guessed from it. What was only stored can be enrolled by a later run.
    const digest = ctx.suppression.hash(`line ${text}`).hash.toString('hex').slice(0, 32)
    return {
      source,
      externalId: `${startAt ? 'enroll:' : storedOnly}${digest}`,
      contentType: 'application/json',
      body: Buffer.from(text),
      receivedAt: now,
      content: { kind: 'lead', fields: lead, ...(consent && { imported: consent }) },
      list: { startAt },
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { error: error.fields[0]?.message ?? error.message }
  }
}
