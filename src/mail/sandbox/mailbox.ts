import type { SandboxEmail } from './email.ts'
import type { MailItem } from './mail-item.ts'

/** Every accepted mail, oldest first; the newest `keep` with their content. */
export class Mailbox {
  readonly #keep: number
  #emails: SandboxEmail[] = []
  #positions = new Map<string, number>()
  #items = new Map<string, MailItem>()

  constructor(keep: number) {
    this.#keep = keep
  }

  all(): readonly SandboxEmail[] {
    return this.#emails
  }

  add(email: SandboxEmail, item: MailItem): void {
    this.#positions.set(email.id, this.#emails.length)
    this.#emails.push(email)
    this.#items.set(email.id, item)
    const old = this.#emails[this.#emails.length - 1 - this.#keep]
    if (!old) return
    // What an event needs (from, subject, tags) stays: events may lag far behind.
    Object.assign(old, { html: null, text: null, headers: {}, trimmed: true } satisfies Partial<SandboxEmail>)
    this.#items.delete(old.id)
  }

  find(id: string): SandboxEmail | null {
    return this.#emails[this.positionOf(id)] ?? null
  }

  /** Where a mail stands, counted from the oldest; -1 when there is none. */
  positionOf(id: string): number {
    return this.#positions.get(id) ?? -1
  }

  /** The mail as the request brought it, while it is kept. */
  itemOf(id: string): MailItem | null {
    return this.#items.get(id) ?? null
  }

  empty(): void {
    this.#emails = []
    this.#positions.clear()
    this.#items.clear()
  }
}

/** Whether a mail goes to an address with this text in it, any letter case. */
export function goesTo(email: SandboxEmail, text: string): boolean {
  const wanted = text.trim().toLowerCase()
  return [...email.to, ...email.cc, ...email.bcc].some((mailbox) => mailbox.toLowerCase().includes(wanted))
}
