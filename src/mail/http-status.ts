import { subscribe } from 'node:diagnostics_channel'

/** Calls under way, by their idempotency key, with the status of the answer once there is one. */
const underWay = new Map<string, number | null>()
let listens = false

/**
 * Makes a call and tells the HTTP status of its answer too, null when there was none: the SDK passes on only what the
 * body says, and that of a gateway before the provider says nothing of it. Node tells of every answer that `fetch` gets
 * (undici's `undici:request:headers`, as its documentation on the diagnostics channel has it).
 */
export async function withStatus<T>(
  key: string,
  call: () => Promise<T>,
): Promise<{ answer: T; status: number | null }> {
  if (!listens) subscribe('undici:request:headers', note)
  listens = true
  underWay.set(key, null)
  try {
    const answer = await call()
    return { answer, status: underWay.get(key) ?? null }
  } finally {
    underWay.delete(key)
  }
}

function note(message: unknown): void {
  const { request, response } = message as {
    request: { headers: readonly unknown[] }
    response: { statusCode: number }
  }
  // Names and values by turns.
  const at = request.headers.findIndex((name) => String(name).toLowerCase() === 'idempotency-key')
  const key = at < 0 ? null : String(request.headers[at + 1])
  if (key !== null && underWay.has(key)) underWay.set(key, response.statusCode)
}
