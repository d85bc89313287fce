import { createHash } from 'node:crypto'
import type { SandboxAttempt } from './attempt.ts'

export type SendRequest = {
  path: '/emails' | '/emails/batch'
  header: (name: string) => string | undefined
  body: Buffer
}

/** A request as it came in, before anything was decided about it. */
export type Arrival = {
  attempt: SandboxAttempt
  /** The parsed body; undefined when it is no JSON. */
  body: unknown
  /** What a fault's `match` is looked for in: recipients and the key. Only worked out when a fault asks. */
  texts: () => string[]
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString()) as unknown
  } catch {
    return undefined
  }
}

/** Addresses in a body that nobody has checked yet. */
function recipientsOf(body: unknown): string[] {
  const items = (Array.isArray(body) ? body : [body]) as ({
    to?: unknown
    cc?: unknown
    bcc?: unknown
  } | null)[]
  return items
    .flatMap((item) => [item?.to, item?.cc, item?.bcc])
    .flat()
    .filter((value) => typeof value === 'string')
}

/** In: a request and when it came. Out: the attempt to be completed, and the body parsed. */
export function arrive(request: SendRequest, at: Date): Arrival {
  const body = parse(request.body)
  const key = request.header('idempotency-key') ?? null
  const attempt: SandboxAttempt = {
    at: at.toISOString(),
    path: request.path,
    idempotencyKey: key,
    bodyHash: createHash('sha256').update(request.body).digest('hex'),
    items: Array.isArray(body) ? body.length : body === undefined ? 0 : 1,
    outcome: 200,
    error: null,
    acceptedIds: [],
    replayed: false,
    fault: null,
  }
  return { attempt, body, texts: () => [...recipientsOf(body), ...(key === null ? [] : [key])] }
}
