import {
  type ImportedLine,
  type ImportedOutcome,
  importedOutcomes,
  importLeads as importLines,
  importSource,
  importStarts,
} from '../actions/import-leads.ts'
import { type ListColumns, type ListRow, readColumns } from '../capture/list-columns.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { countTables } from '../store/count-tables.ts'
import { openErrors, readCsv, statCsv } from './csv-file.ts'

export type LeadsReport = { lines: number; failed: number; errorFile: string } & Record<
  ImportedOutcome,
  number
>

export type LeadsImport = {
  file: string
  /** What the front desk calls the list. */
  name: string
  sequence: string
  /** Pairs such as `email=Address`. */
  map: readonly string[]
  /** Enroll who has proof of consent; else leads are only stored. */
  enroll: boolean
  /** Most first mails a day. */
  perDay: number
  dryRun: boolean
  actor: string
  /** Hears what each column was taken for, before the first line is taken. */
  told: (columns: ListColumns) => void
  /** Hears how far it is; `share` of the file. */
  progress: (lines: number, share: number) => void
}

/** Lines that are stored together, and how many such groups are in work at once. */
const together = 128
const groups = 3
/** Numbers of lines after which tables have grown so much that they are counted. */
const countAfter = new Set([500, 5_000, 50_000])
/** Lines between two words on how far it is. */
const progressEvery = 5_000

/**
 * Imports a CSV file of leads, some lines at a time, so that its size costs no memory. What is wrong with a line goes
 * to a file beside it, with the line's number and without its contents. Ended early, it goes on when it is started
 * anew: lines that were taken are known, and nobody is enrolled twice.
 * Throws Problem `not-found` without the file, `config` for what cannot be asked of it, and `unmappable` without an
 * address, or without proof of consent where leads are to be enrolled.
 */
export async function importLeads(ctx: Context, input: LeadsImport): Promise<LeadsReport> {
  const { file, dryRun, enroll } = input
  await statCsv(file)
  if (!Number.isInteger(input.perDay) || input.perDay < 1)
    throw new Problem('config', '--per-day: expected a whole number of first mails.')
  const report: LeadsReport = {
    lines: 0,
    failed: 0,
    errorFile: `${file}.errors.csv`,
    ...(Object.fromEntries(importedOutcomes.map((one) => [one, 0])) as Record<ImportedOutcome, number>),
  }
  let columns: ListColumns | null = null
  let source: Awaited<ReturnType<typeof importSource>> | null = null
  let startOf: Awaited<ReturnType<typeof importStarts>> | null = null
  const onColumns = (names: string[]) => {
    columns = readColumns(names, input.map)
    if (enroll && columns.proof === null)
      throw new Problem(
        'unmappable',
        'No column says when and how each person agreed to mail, and without it nobody is enrolled. Say which: --map proof=<column>.',
      )
    input.told(columns)
  }
  const errors = await openErrors(report.errorFile)
  const fail = async (line: number, reason: string) => {
    report.failed++
    await errors.add(line, reason)
  }
  const take = async (lines: readonly { line: number; row: ListRow; startAt: Date | null }[]) => {
    const results = await importLines(ctx, { source: source!, columns: columns!, lines, dryRun })
    for (const [at, result] of results.entries()) await note(lines[at]!.line, result)
  }
  const note = async (line: number, result: ImportedLine) => {
    if ('error' in result) await fail(line, result.error)
    else report[result.outcome]++
  }
  const inWork = new Set<Promise<void>>()
  let group: Parameters<typeof take>[0][number][] = []
  const start = () => {
    const work = take(group).finally(() => inWork.delete(work))
    // Whoever waits for it hears of its failure; this only keeps it from being nobody's until then.
    work.catch(() => {})
    inWork.add(work)
    group = []
  }
  try {
    for await (const { line, record, share } of readCsv(file, onColumns)) {
      // Made once the columns are known to do, and not for a file that is of no use.
      source ??= await importSource(ctx, input)
      startOf ??= await importStarts(ctx, source.sequence, input.perDay)
      report.lines++
      if (record === null) await fail(line, 'is not a line of CSV')
      else group.push({ line, row: record, startAt: enroll ? startOf(report.lines - 1) : null })
      if (group.length === together) start()
      while (inWork.size >= groups) await Promise.race(inWork)
      if (!dryRun && countAfter.has(report.lines))
        // Only slower without it.
        await countTables(ctx.db).catch((error: Error) =>
          ctx.log.warn({ error: error.name }, 'tables not counted'),
        )
      if (report.lines % progressEvery === 0) input.progress(report.lines, share)
    }
    if (group.length > 0) start()
    await Promise.all(inWork)
    if (columns === null) throw new Problem('unmappable', 'The file is empty.')
  } finally {
    await Promise.allSettled(inWork)
    await errors.close()
  }
  return report
}
