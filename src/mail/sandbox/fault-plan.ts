import { Problem } from '../../core/problem.ts'
import {
  faultSchema,
  type EventFaultKind,
  type Fault,
  type FaultKind,
  type PlannedFault,
  type RequestFault,
} from './fault.ts'

type Entry = { fault: PlannedFault; left: number }

const eventKinds = ['duplicate-events', 'shuffle-events', 'hold-events', 'bounce'] as const
const isEventKind = (kind: FaultKind): kind is EventFaultKind =>
  (eventKinds as readonly string[]).includes(kind)

/** The faults still to come, in the order they were planned. */
export class FaultPlan {
  #entries: Entry[] = []

  /** In: a fault, from code or from JSON. Throws a Problem that says which field is wrong. */
  add(fault: Fault): void {
    const parsed = faultSchema.safeParse(fault)
    if (!parsed.success) {
      const fields = parsed.error.issues.map((issue) => ({
        field: issue.path.join('.'),
        message: issue.message,
      }))
      throw new Problem('invalid', 'This is not a fault the sandbox knows.', fields)
    }
    this.#entries.push({ fault: parsed.data, left: parsed.data.times })
  }

  list(): PlannedFault[] {
    return this.#entries.map(({ fault, left }) => ({ ...fault, times: left }))
  }

  clear(): void {
    this.#entries = []
  }

  get empty(): boolean {
    return this.#entries.length === 0
  }

  /** Uses up one hit of the first request fault that matches any of these texts. */
  takeForRequest(texts: readonly string[]): RequestFault | null {
    return this.#take((fault) => !isEventKind(fault.kind), texts) as RequestFault | null
  }

  /** Uses up one hit of the first event fault of this kind that matches any of these texts. */
  takeForEvents<K extends EventFaultKind>(
    kind: K,
    texts: readonly string[],
  ): Extract<PlannedFault, { kind: K }> | null {
    return this.#take((fault) => fault.kind === kind, texts) as Extract<PlannedFault, { kind: K }> | null
  }

  #take(wanted: (fault: PlannedFault) => boolean, texts: readonly string[]): PlannedFault | null {
    const at = this.#entries.findIndex(({ fault }) => {
      const match = fault.match?.toLowerCase()
      return wanted(fault) && (!match || texts.some((text) => text.toLowerCase().includes(match)))
    })
    const entry = this.#entries[at]
    if (!entry) return null
    entry.left -= 1
    if (entry.left === 0) this.#entries.splice(at, 1)
    return entry.fault
  }
}
