/** The longest answer that is read. */
const longest = 256 * 1024

type Answer =
  { outcome: 'ok'; body: unknown; text: string } | { outcome: 'gone' } | { outcome: 'failed'; reason: string }

/** Where a tool answers, and how long it is waited for. Never taken from what a webhook says. */
export type ToolApi = { origin: string; timeoutMs: number }

/**
 * Asks a tool for one thing, as JSON. Only its own origin is asked and no redirect followed, so that nothing a
 * webhook says can send our key elsewhere. Whatever goes wrong comes back as a reason without personal data.
 */
export async function ask(api: ToolApi, path: string, authorization: string): Promise<Answer> {
  const url = new URL(path, api.origin)
  if (url.origin !== new URL(api.origin).origin)
    return { outcome: 'failed', reason: 'not an address of the tool' }
  try {
    const answer = await fetch(url, {
      headers: { authorization, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(api.timeoutMs),
    })
    if (answer.status === 404 || answer.status === 410) {
      await answer.body?.cancel()
      return { outcome: 'gone' }
    }
    if (answer.status !== 200) {
      await answer.body?.cancel()
      return { outcome: 'failed', reason: `the tool answered ${answer.status}` }
    }
    const text = await readShort(answer)
    return text === null
      ? { outcome: 'failed', reason: "the tool's answer is too long" }
      : { outcome: 'ok', body: JSON.parse(text), text }
  } catch (error) {
    if (error instanceof SyntaxError) return { outcome: 'failed', reason: "the tool's answer is not JSON" }
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    return {
      outcome: 'failed',
      reason: isLate ? 'the tool did not answer in time' : 'the tool was not reached',
    }
  }
}

/** The body, or null when it is longer than anything that we ask for. */
async function readShort(answer: Response): Promise<string | null> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += (part as Uint8Array).byteLength
    if (length > longest) return null
    parts.push(part as Uint8Array)
  }
  return Buffer.concat(parts).toString('utf8')
}
