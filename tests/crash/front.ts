import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a load balancer is to the service: one address, whichever child answers. */
export type Front = { url: string; close(): Promise<void> }

const patienceMs = 20_000

export async function startFront(anyPort: () => number | null): Promise<Front> {
  const closing = new AbortController()

  async function forward(request: IncomingMessage, body: Buffer): Promise<Response> {
    const headers = Object.entries(request.headers).filter(
      ([name]) => !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name),
    ) as [string, string][]
    for (const giveUp = Date.now() + patienceMs; Date.now() < giveUp; await sleep(50)) {
      if (closing.signal.aborted) break
      const port = anyPort()
      if (port === null) continue
      try {
        return await fetch(`http://127.0.0.1:${port}${request.url}`, {
          method: request.method ?? 'GET',
          headers,
          redirect: 'manual',
          signal: AbortSignal.timeout(patienceMs),
          ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
        })
      } catch {
        // That child is gone, perhaps after it did the work: whatever is sent here may be sent again.
      }
    }
    return new Response(null, { status: 502 })
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const answer = await forward(request, Buffer.concat(chunks))
    response.writeHead(answer.status)
    response.end(Buffer.from(await answer.arrayBuffer().catch(() => new ArrayBuffer(0))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        closing.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
