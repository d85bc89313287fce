import { Hono } from 'hono'
import type { Context } from '../../context.ts'
import { auditRoutes } from './audit-routes.ts'
import { brandRoutes } from './brand-routes.ts'
import { copyRoutes } from './copy-routes.ts'
import { firstStepsRoutes } from './first-steps-routes.ts'
import { leadRoutes } from './lead-routes.ts'
import { meRoutes } from './me-routes.ts'
import { problemRoutes } from './problem-routes.ts'
import type { StudioEnv } from './require-role.ts'
import { sequenceRoutes } from './sequence-routes.ts'
import { sourceRoutes } from './source-routes.ts'
import { statusRoutes } from './status-routes.ts'
import { tokenRoutes } from './token-routes.ts'
import { upcomingRoutes } from './upcoming-routes.ts'
import { userRoutes } from './user-routes.ts'

/** Everything that the studio asks and does, one line an area; each of its routes begins with `requireRole`. */
export const studioApi = (ctx: Context) =>
  new Hono<StudioEnv>()
    .route('/me', meRoutes(ctx))
    .route('/status', statusRoutes(ctx))
    .route('/first-steps', firstStepsRoutes(ctx))
    .route('/brand', brandRoutes(ctx))
    .route('/sources', sourceRoutes(ctx))
    .route('/leads', leadRoutes(ctx))
    .route('/upcoming', upcomingRoutes(ctx))
    .route('/problems', problemRoutes(ctx))
    .route('/users', userRoutes(ctx))
    .route('/tokens', tokenRoutes(ctx))
    .route('/audit', auditRoutes(ctx))
    .route('/copy', copyRoutes(ctx))
    .route('/sequences', sequenceRoutes(ctx))

/** The routes as the browser's client sees them. */
export type StudioApi = ReturnType<typeof studioApi>
