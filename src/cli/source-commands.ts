import { randomBytes } from 'node:crypto'
import { defineCommand } from 'citty'
import { formAdapters } from '../capture/index.ts'
import { Problem } from '../core/problem.ts'
import { ensureSource, findSource, listSources, type Source } from '../store/sources.ts'
import { withService } from './with-service.ts'

/** Tools that can send neither a header nor a signature carry the secret as the last part of the address. */
const secretInPath = new Set(['elementor', 'jotform', 'wix-automation'])

const hookUrl = (
  publicUrl: string,
  { slug, adapter, secrets }: Pick<Source, 'slug' | 'adapter' | 'secrets'>,
) => `${publicUrl}/hooks/leads/${slug}${secretInPath.has(adapter) ? `/${secrets[0]}` : ''}`

export const sourceCommands = {
  add: defineCommand({
    meta: { description: 'Make an address for a form to send leads to' },
    args: {
      adapter: {
        type: 'positional',
        required: true,
        description: `which tool: ${Object.keys(formAdapters).join(', ')}`,
      },
      name: {
        type: 'string',
        required: true,
        description: 'what the front desk calls it, such as "Contact page"',
      },
      sequence: { type: 'string', default: 'back-spasms', description: 'which sequence its leads get' },
      'thank-you': { type: 'string', description: 'https page that a plain HTML form ends on' },
      topical: { type: 'boolean', default: false, description: 'use subjects that name the topic' },
    },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        if (!Object.hasOwn(formAdapters, args.adapter))
          throw new Problem(
            'config',
            `No adapter ${args.adapter}. There are: ${Object.keys(formAdapters).join(', ')}.`,
          )
        if (!Object.hasOwn(ctx.sequences, args.sequence))
          throw new Problem(
            'config',
            `No sequence ${args.sequence}. There are: ${Object.keys(ctx.sequences).join(', ')}.`,
          )
        const thankYou = args['thank-you']
        if (
          thankYou !== undefined &&
          !(URL.canParse(thankYou) && /^https?:$/.test(new URL(thankYou).protocol))
        )
          throw new Problem('config', '--thank-you: expected the https address of a page.')
        // Part of an address, so it says nothing about health, whatever the source is called.
        const slug = `${args.adapter}-${randomBytes(4).toString('hex')}`
        const secret = args.adapter === 'html-form' ? [] : [newSecret(args.adapter)]
        const source = await ensureSource(ctx.db, {
          slug,
          name: args.name,
          adapter: args.adapter,
          secrets: secret,
          sequence: args.sequence,
          topical: args.topical,
          thankYouUrl: thankYou ?? null,
          createdAt: ctx.clock.now(),
        })
        console.log(`Address: ${hookUrl(ctx.config.publicUrl, source)}`)
        if (secret[0] && !secretInPath.has(args.adapter)) console.log(`Secret:  ${secret[0]}`)
      }),
  }),
  list: defineCommand({
    meta: { description: 'Sources, and how many requests each had refused' },
    run: () =>
      withService(async ({ ctx }) => {
        for (const { slug, name, adapter, refusedCount } of await listSources(ctx.db))
          console.log(`${slug.padEnd(28)} ${adapter.padEnd(18)} refused ${refusedCount}  ${name}`)
      }),
  }),
  secret: defineCommand({
    meta: { description: "Show a source's address and secret again" },
    args: { slug: { type: 'positional', required: true, description: 'as `source list` shows it' } },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const source = await findSource(ctx.db, args.slug)
        if (!source) throw new Problem('not-found', `No source ${args.slug}.`)
        console.log(`Address: ${hookUrl(ctx.config.publicUrl, source)}`)
        for (const secret of source.secrets) console.log(`Secret:  ${secret}`)
      }),
  }),
}

/** 256 bits; in the form that Standard Webhooks wants where that is what signs. */
function newSecret(adapter: string): string {
  const bytes = randomBytes(32)
  const standard = adapter === 'standard-webhooks' || adapter === 'google-forms'
  return standard ? `whsec_${bytes.toString('base64')}` : bytes.toString('base64url')
}
