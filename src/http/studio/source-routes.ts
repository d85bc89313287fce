import { Hono } from 'hono'
import { z } from 'zod'
import { addSource } from '../../actions/add-source.ts'
import { connectGuides } from '../../capture/connect-guide.ts'
import { isSecretInPath, isSecretMadeByTool, sourceAddress } from '../../capture/source-secret.ts'
import type { Context } from '../../context.ts'
import { isPublic } from '../../core/capture.ts'
import { Problem } from '../../core/problem.ts'
import { body, line } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'

const newSource = z.object({
  adapter: z
    .string('is missing')
    .refine((name) => Object.hasOwn(connectGuides, name), 'is no tool that we know'),
  name: line(120).refine((name) => name !== '', 'is missing'),
  secret: line(500).optional(),
})

/** Forms that send leads: how each tool is connected, and a new address for one. */
export const sourceRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/tools', requireRole('viewer'), (c) =>
      c.json({
        tools: Object.entries(connectGuides).map(([adapter, { tool, steps }]) => ({
          adapter,
          tool,
          steps,
          makesSecret: isSecretMadeByTool(adapter),
        })),
      }),
    )
    .post('/', requireRole('admin'), body(newSource), async (c) => {
      const { adapter, name, secret } = c.req.valid('json')
      const source = await addSource(ctx, {
        adapter,
        name,
        sequence: Object.keys(ctx.sequences)[0] ?? '',
        topical: false,
        thankYouUrl: null,
        origins: [],
        proofOfWork: false,
        secret: secret || null,
        actor: c.get('user').actor,
      }).catch((error: unknown) => {
        // What the command line calls a wrong option is a wrong field here.
        throw error instanceof Problem && error.code === 'config'
          ? new Problem('invalid', error.message.replace(/--(\w+)/g, '$1'), [
              { field: 'secret', message: error.message.replace(/^--\w+: /, '') },
            ])
          : error
      })
      const { publicUrl } = ctx.config
      const address = sourceAddress(publicUrl, source)
      const { script } = connectGuides[adapter as keyof typeof connectGuides]
      return c.json(
        {
          slug: source.slug,
          address,
          secret: isSecretInPath(adapter) ? null : (source.secrets[0] ?? null),
          script: script ? script(address, source.secrets[0]!) : null,
          hosted: isPublic(source) ? `${publicUrl}/f/${source.slug}` : null,
        },
        201,
      )
    })
