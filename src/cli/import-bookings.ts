import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { parse } from 'csv-parse'
import { type ImportOutcome, importBooking, importOutcomes } from '../actions/import-booking.ts'
import {
  type AppointmentColumns,
  type AppointmentRow,
  findColumns,
  readAppointment,
} from '../booking/appointments.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'

export type ImportReport = { lines: number; failed: number; errorFile: string } & Record<
  ImportOutcome,
  number
>

/** Lines between two words on how far it is. */
const progressEvery = 1_000

/**
 * Imports a CSV file of appointments, line by line, so that its size costs no memory. What is wrong with a line goes to
 * a file beside it, with the line's number and without its contents. Ended early, it can be started anew.
 * Throws Problem `not-found` without the file, `unmappable` without the columns it needs.
 */
export async function importBookings(
  ctx: Context,
  input: { file: string; tool: string; dryRun: boolean; progress: (lines: number) => void },
): Promise<ImportReport> {
  const { file, tool, dryRun } = input
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(tool) || tool === 'front-desk')
    throw new Problem('config', '--tool: expected a name in small letters, such as jane.')
  const info = await stat(file).catch(() => null)
  if (!info?.isFile()) throw new Problem('not-found', 'There is no such file.')
  const now = ctx.clock.now()
  const asOf = info.mtime < now ? info.mtime : now
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
  // One broken line may be reported for each of its quotes.
  const broken = new Set<number>()
  const failBroken = async () => {
    for (const line of broken) {
      report.lines++
      await fail(line, 'is not a line of CSV')
    }
    broken.clear()
  }
  let columns: AppointmentColumns | null = null
  const parser = createReadStream(file).pipe(
    parse({
      bom: true,
      delimiter: [',', ';', '\t'],
      columns: (names: string[]) => {
        columns = findColumns(names)
        return names
      },
      info: true,
      max_record_size: 1_000_000,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => void (error && broken.add(Number(error.lines))),
    }),
  )
  try {
    for await (const { info: at, record } of parser as AsyncIterable<{
      info: { lines: number }
      record: AppointmentRow
    }>) {
      await failBroken()
      report.lines++
      const appointment = readAppointment(record, columns!, ctx.config.brand.timeZone)
      if ('error' in appointment) await fail(at.lines, appointment.error)
      else report[await importBooking(ctx, { tool, appointment, asOf, dryRun })]++
      if (report.lines % progressEvery === 0) input.progress(report.lines)
    }
    await failBroken()
    if (report.lines === 0 && columns === null) throw new Problem('unmappable', 'The file is empty.')
  } finally {
    await errors.close()
  }
  if (!dryRun) ctx.wake()
  return report
}

/** A file that is made with its first line, in place of what an earlier import left there. */
async function openErrors(path: string) {
  await rm(path, { force: true })
  let stream: WriteStream | null = null
  return {
    async add(line: number, reason: string) {
      if (!stream) {
        stream = createWriteStream(path, { mode: 0o600 })
        stream.write('line,reason\n')
      }
      if (!stream.write(`${line},"${reason.replaceAll('"', '""')}"\n`)) await once(stream, 'drain')
    },
    async close() {
      if (!stream) return
      stream.end()
      await once(stream, 'finish')
    },
  }
}
