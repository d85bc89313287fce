import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import type { SandboxAttempt } from './attempt.ts'
import type { BounceFault } from './fault.ts'
import type { ReceivedMail } from './received.ts'

/** A mail of a permissive batch that was refused. */
export type RefusedItem = { index: number; message: string }

/** A request that was accepted: all that is needed to make its mails, its attempt and its key's record again. */
export type Acceptance = {
  attempt: SandboxAttempt
  /** When its mails were accepted (ms); after a planned wait that is later than the attempt. */
  acceptedAt: number
  /** Ids of the mails that were accepted, in the order of the body. */
  ids: readonly string[]
  refused: readonly RefusedItem[]
  permissive: boolean
  bounce: BounceFault | null
}

export type JournalEntry =
  | ({ kind: 'accepted'; body: unknown } & Acceptance)
  | { kind: 'attempt'; attempt: SandboxAttempt }
  | { kind: 'received'; mail: ReceivedMail }
  | { kind: 'emptied' }

const newline = 0x0a

/** One JSON object a line, only ever added to. A line is written whole or, after a kill, cut off when read again. */
export class Journal {
  readonly #file: number
  #size: number

  /** Opens the file and hands each entry in it to `replay`. */
  constructor(path: string, replay: (entry: JournalEntry) => void) {
    this.#file = openSync(path, 'a+')
    this.#size = this.#read(replay)
    ftruncateSync(this.#file, this.#size)
  }

  /** Lines are split as bytes: readline would also split at U+2028, which may stand in a mail. */
  #read(replay: (entry: JournalEntry) => void): number {
    const chunk = Buffer.alloc(1 << 20)
    let rest: Buffer[] = []
    let readTo = 0
    let wholeTo = 0
    for (let size; (size = readSync(this.#file, chunk, 0, chunk.length, readTo)) > 0; readTo += size) {
      let start = 0
      for (let end; (end = chunk.subarray(0, size).indexOf(newline, start)) !== -1; start = end + 1) {
        const line = Buffer.concat([...rest, chunk.subarray(start, end)])
        rest = []
        replay(JSON.parse(line.toString()) as JournalEntry)
        wholeTo = readTo + end + 1
      }
      rest.push(Buffer.from(chunk.subarray(start, size)))
    }
    return wholeTo
  }

  /** Adds an entry; when this returns, a kill of the process does not lose it. */
  add(entry: Exclude<JournalEntry, { kind: 'accepted' }>): void {
    this.#write(Buffer.from(`${JSON.stringify(entry)}\n`))
  }

  /** Adds an accepted request. Its body goes in as the bytes it came in: to encode it again would cost more. */
  addAcceptance(acceptance: Acceptance, rawBody: Buffer, body: unknown): void {
    const head = JSON.stringify({ kind: 'accepted', ...acceptance })
    const oneLine = rawBody.includes(newline) ? Buffer.from(JSON.stringify(body)) : rawBody
    this.#write(Buffer.concat([Buffer.from(`${head.slice(0, -1)},"body":`), oneLine, Buffer.from('}\n')]))
  }

  close(): void {
    closeSync(this.#file)
  }

  #write(bytes: Buffer): void {
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done)
      this.#size += bytes.length
    } catch (error) {
      // A full disk must not leave half a line for the next one to be glued to.
      ftruncateSync(this.#file, this.#size)
      throw error
    }
  }
}
