import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the stand-in does with one question: an answer with a status, silence, a cut line, or bytes as they are. */
type Turn = { status: number; body?: unknown } | 'silent' | 'cut' | { raw: string } | { redirect: string }

export type StandInApi = {
  origin: string
  /** Path and authorization of every question, in order. */
  asked: { path: string; authorization: string | undefined }[]
  /** What comes next; afterwards the last one goes on. */
  play(...turns: Turn[]): void
  close(): Promise<void>
}

/** A real HTTP server in place of a booking tool's API. */
export async function startStandInApi(): Promise<StandInApi> {
  let script: Turn[] = [{ status: 503 }]
  const asked: StandInApi['asked'] = []
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization })
    const turn = script.length > 1 ? script.shift()! : script[0]!
    void answer(turn, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    play: (...turns) => void (script = turns),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function answer(turn: Turn, response: ServerResponse): Promise<void> {
  if (turn === 'silent') await sleep(3_000, undefined, { ref: false })
  if (turn === 'silent' || turn === 'cut') return void response.destroy()
  if ('redirect' in turn) return void response.writeHead(302, { location: turn.redirect }).end()
  if ('raw' in turn) return void response.writeHead(200).end(turn.raw)
  response.writeHead(turn.status, { 'content-type': 'application/json' }).end(JSON.stringify(turn.body ?? {}))
}
