import { Hono } from 'hono'
import { z } from 'zod'
import { lookAtLogo, previewLogo } from '../../actions/look-at-logo.ts'
import { findStoredBrand } from '../../actions/refresh-brand.ts'
import { saveBrand } from '../../actions/save-brand.ts'
import { brandForm } from '../../brand-settings.ts'
import type { Context } from '../../context.ts'
import { previewHtml } from '../../mail/preview-html.ts'
import { framePolicy } from './frame-policy.ts'
import { body, query } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'

/** All that the clinic says about itself; only what differs is stored, so that the rest follows the environment. */
export const brandRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/', requireRole('viewer'), async (c) => {
      const { version } = await findStoredBrand(ctx.db)
      return c.json({ brand: ctx.config.brand, version, sampleFields: ctx.config.sampleFields })
    })
    .get('/logo', requireRole('viewer'), async (c) => c.json(await lookAtLogo(ctx)))
    .get(
      '/logo/preview',
      requireRole('viewer'),
      query(z.object({ scheme: z.enum(['light', 'dark']), at: z.string().max(20).optional() })),
      async (c) => {
        c.header('content-security-policy', framePolicy('data:'))
        c.header('referrer-policy', 'no-referrer')
        c.header('x-content-type-options', 'nosniff')
        return c.html(previewHtml(await previewLogo(ctx), { dark: c.req.valid('query').scheme === 'dark' }))
      },
    )
    .put(
      '/',
      requireRole('admin'),
      body(z.object({ base: z.int('is a version'), brand: brandForm.partial() })),
      async (c) => {
        const { base, brand } = c.req.valid('json')
        await saveBrand(ctx, {
          changes: Object.fromEntries(Object.entries(brand).filter(([, value]) => value !== undefined)),
          base,
          actor: c.get('user').actor,
        })
        return c.json({ done: true })
      },
    )
