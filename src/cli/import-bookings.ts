import { type ImportOutcome, importBooking, importOutcomes } from '../actions/import-booking.ts'
import { type AppointmentColumns, findColumns, readAppointment } from '../booking/appointments.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { openErrors, readCsv, statCsv } from './csv-file.ts'

export type ImportReport = { lines: number; failed: number; errorFile: string } & Record<
  ImportOutcome,
  number
>

/** Lines between two words on how far it is. */
const progressEvery = 1_000

/**
 * Imports a CSV file of appointments, line by line. What is wrong with a line goes to a file beside it, with the line's
 * number and without its contents. Ended early, it can be started anew.
 * Throws Problem `not-found` without the file, `unmappable` without the columns it needs.
 */
export async function importBookings(
  ctx: Context,
  input: { file: string; tool: string; dryRun: boolean; progress: (lines: number) => void },
): Promise<ImportReport> {
  const { file, tool, dryRun } = input
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(tool) || tool === 'front-desk')
    throw new Problem('config', '--tool: expected a name in small letters, such as jane.')
  const { changedAt } = await statCsv(file)
  const now = ctx.clock.now()
  const asOf = changedAt < now ? changedAt : now
  const errors = await openErrors(`${file}.errors.csv`)
  const report: ImportReport = {
    lines: 0,
    failed: 0,
    errorFile: `${file}.errors.csv`,
    ...(Object.fromEntries(importOutcomes.map((outcome) => [outcome, 0])) as Record<ImportOutcome, number>),
  }
  const fail = async (line: number, reason: string) => {
    report.failed++
    await errors.add(line, reason)
  }
  let columns: AppointmentColumns | null = null
  try {
    for await (const { line, record } of readCsv(file, (names) => (columns = findColumns(names)))) {
      report.lines++
      const appointment =
        record === null
          ? { error: 'is not a line of CSV' }
          : readAppointment(record, columns!, ctx.config.brand.timeZone)
      if ('error' in appointment) await fail(line, appointment.error)
      else report[await importBooking(ctx, { tool, appointment, asOf, dryRun })]++
      if (report.lines % progressEvery === 0) input.progress(report.lines)
    }
    if (report.lines === 0 && columns === null) throw new Problem('unmappable', 'The file is empty.')
  } finally {
    await errors.close()
  }
  if (!dryRun) ctx.wake()
  return report
}
