import { Hono } from 'hono'
import type { Context } from '../../context.ts'
import { studioApi } from './api.ts'
import { appAssets } from './app-assets.ts'
import { type AppFiles, readAppFiles } from './app-files.ts'
import { appPages } from './app-pages.ts'
import { identifyUser } from './identify-user.ts'
import { plainPath } from './input.ts'
import type { IdentifiedEnv } from './require-role.ts'
import { queuePages } from './queue-pages.ts'
import { jsonOnly, sameOrigin } from './same-origin.ts'
import { signInPages } from './sign-in-pages.ts'

/** The marketers' web app, for `/studio`: signing in, what it asks and does, and its pages. */
export function studio(ctx: Context, board: Hono | null): Hono<IdentifiedEnv> {
  const app = new Hono<IdentifiedEnv>()
  let read: AppFiles | null = null
  const files = () => (read ??= readAppFiles())
  app.use(plainPath)
  app.use(sameOrigin(ctx.config.publicUrl))
  app.route('/', signInPages(ctx))
  app.route('/', appAssets(files))
  app.use(identifyUser(ctx))
  app.use('/api/*', jsonOnly)
  app.route('/api', studioApi(ctx))
  if (board) app.route('/queues', queuePages(board))
  app.route('/', appPages(files))
  return app
}
