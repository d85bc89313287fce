import { once } from 'node:events'
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { parse } from 'csv-parse'
import { Problem } from '../core/problem.ts'

/** One line of a CSV file. `record` is null where it is no line of CSV; `share` of the file is read. */
export type CsvLine = { line: number; record: Readonly<Record<string, string>> | null; share: number }

/** When the file was changed last, and its bytes. Throws Problem `not-found` when it is not there. */
export async function statCsv(file: string): Promise<{ changedAt: Date; bytes: number }> {
  const info = await stat(file).catch(() => null)
  if (!info?.isFile()) throw new Problem('not-found', 'There is no such file.')
  return { changedAt: info.mtime, bytes: info.size }
}

/**
 * Reads a CSV file line by line, so that its size costs no memory; comma, semicolon or tab between its values.
 * `onColumns` hears the names in its first line before the first of the others comes, and may throw.
 */
export async function* readCsv(file: string, onColumns: (names: string[]) => void): AsyncGenerator<CsvLine> {
  const { bytes } = await statCsv(file)
  // One broken line may be reported for each of its quotes.
  const broken = new Set<number>()
  function* brokenLines(share: number): Generator<CsvLine> {
    for (const line of broken) yield { line, record: null, share }
    broken.clear()
  }
  const parser = createReadStream(file).pipe(
    parse({
      bom: true,
      delimiter: [',', ';', '\t'],
      columns: (names: string[]) => {
        onColumns(names)
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
  for await (const { info, record } of parser as AsyncIterable<{
    info: { lines: number; bytes: number }
    record: Record<string, string>
  }>) {
    const share = info.bytes / bytes
    yield* brokenLines(share)
    yield { line: info.lines, record, share }
  }
  yield* brokenLines(1)
}

/** A file of what is wrong with which line, made with the first, in place of what an earlier import left there. */
export async function openErrors(path: string) {
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
