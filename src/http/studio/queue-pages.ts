import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import { Problem } from '../../core/problem.ts'
import { mayAct } from '../../core/user.ts'
import type { IdentifiedEnv } from './require-role.ts'

export const queueBoardPath = '/studio/queues'

/** The board's page styles itself as it goes. */
const policy =
  "default-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; script-src 'self'; " +
  "connect-src 'self'; img-src 'self' data:; font-src 'self'; style-src 'self' 'unsafe-inline'"

/** What is put over the board, read when it is first asked for. */
const ours = [
  ['queue-board.js', 'text/javascript; charset=utf-8'],
  ['queue-board.css', 'text/css; charset=utf-8'],
] as const
const read = new Map<string, string>()
function readOurs(name: string): string {
  const text = read.get(name) ?? readFileSync(new URL(name, import.meta.url), 'utf8')
  read.set(name, text)
  return text
}

const wayBack = `<nav class="way-back" aria-label="Studio"><a href="/studio">Back to the studio</a><h1>Queues</h1></nav>`

/** The board's page without what it asks other sites for, and with what it lacks: see the two files. */
const mended = (page: string): string =>
  page
    .replace(/<link\b[^>]*\bhref="https?:[^>]*>/g, '')
    .replace(
      '</head>',
      `<link href="queue-board.css" rel="stylesheet"><script defer src="queue-board.js"></script></head>`,
    )
    .replace(/<body\b[^>]*>/, `$&${wayBack}`)

/** The board of BullMQ's queues, for admins, and only to look at. */
export function queuePages(board: Hono): Hono<IdentifiedEnv> {
  const app = new Hono<IdentifiedEnv>()
  app.use(async (c, next) => {
    const user = c.get('user')
    if (!user) return c.redirect('/studio/sign-in', 302)
    if (!mayAct(user.role, 'admin')) throw new Problem('forbidden', 'The queues are for admins.')
    if (c.req.method !== 'GET') throw new Problem('forbidden', 'The queues are only to look at.')
    await next()
    if (c.res.headers.get('content-type')?.startsWith('text/html')) c.res = c.html(mended(await c.res.text()))
    c.res.headers.set('content-security-policy', policy)
    c.res.headers.set('x-content-type-options', 'nosniff')
    c.res.headers.set('referrer-policy', 'same-origin')
    return undefined
  })
  for (const [name, type] of ours)
    app.get(`/${name}`, (c) =>
      c.body(readOurs(name), 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    )
  return app.route('/', board)
}
