import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { Problem } from '../core/problem.ts'

export type HttpServer = { port: number; close(): Promise<void> }

/** Open connections are given this long to end by themselves. */
const closeMs = 5_000

/**
 * Listens with `app`. `close` waits for what is being handled, also when its caller hung up meanwhile: the work goes
 * on, and needs the database that closes next. Throws Problem `config` when the port is taken.
 */
export function listen(app: Pick<Hono, 'fetch'>, host: string, port: number): Promise<HttpServer> {
  const handling = new Set<Promise<Response>>()
  const fetch: Hono['fetch'] = (...request) => {
    const answer = Promise.resolve(app.fetch(...request))
    handling.add(answer)
    void answer.finally(() => handling.delete(answer)).catch(() => {})
    return answer
  }
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, (address) => {
      server.off('error', onError)
      resolve({
        port: address.port,
        async close() {
          const cut = setTimeout(
            () => 'closeAllConnections' in server && server.closeAllConnections(),
            closeMs,
          )
          const closed = new Promise((done) => server.close(done))
          if ('closeIdleConnections' in server) server.closeIdleConnections()
          await closed
          clearTimeout(cut)
          await Promise.race([Promise.allSettled(handling), sleep(closeMs, undefined, { ref: false })])
        },
      })
    })
    const onError = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Problem('config', `PORT ${port} is in use on ${host}. Set PORT to another one.`)
          : error,
      )
    server.once('error', onError)
  })
}
