import { Hono } from 'hono'
import { Problem } from '../../core/problem.ts'
import type { AppFiles } from './app-files.ts'

/** The app's scripts, styles and fonts: anybody's to keep, so nobody is asked who they are and no cookie goes along. */
export function appAssets(files: () => AppFiles | null): Hono {
  return new Hono().get('/assets/:name', (c) => {
    const file = files()?.assets.get(c.req.param('name'))
    if (!file) throw new Problem('not-found', 'Nothing is here. Load the page again.')
    c.header('content-type', file.type)
    c.header('cache-control', 'public, max-age=31536000, immutable')
    c.header('vary', 'accept-encoding')
    if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(file.bytes)
    c.header('content-encoding', 'gzip')
    return c.body(file.packed)
  })
}
