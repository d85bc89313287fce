import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { Problem } from '../core/problem.ts'

export type HttpServer = { port: number; close(): Promise<void> }

/** Open connections are given this long to end by themselves. */
const closeMs = 5_000

/** Listens with `app`. Throws Problem `config` when the port is taken. */
export function listen(app: Pick<Hono, 'fetch'>, host: string, port: number): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (address) => {
      server.off('error', onError)
      resolve({
        port: address.port,
        close: () =>
          new Promise((done) => {
            const cut = setTimeout(
              () => 'closeAllConnections' in server && server.closeAllConnections(),
              closeMs,
            )
            server.close(() => {
              clearTimeout(cut)
              done()
            })
            if ('closeIdleConnections' in server) server.closeIdleConnections()
          }),
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
