import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { addSource } from '../actions/add-source.ts'
import { changeAlerts } from '../actions/change-alerts.ts'
import { changeForm } from '../actions/change-form.ts'
import { retireSecret, rotateSecret } from '../actions/rotate-secret.ts'
import { mustAskForm } from '../capture/adapter.ts'
import { connectGuides } from '../capture/connect-guide.ts'
import { formAdapters } from '../capture/index.ts'
import { isSecretInPath, sourceAddress } from '../capture/source-secret.ts'
import type { Context } from '../context.ts'
import { sourceAlerts } from '../core/alert.ts'
import { importAdapter, isPublic } from '../core/capture.ts'
import { Problem } from '../core/problem.ts'
import { findSource, listSources, type Source } from '../store/sources.ts'
import { fields, map, replay } from './source-field-commands.ts'
import { everyValue } from './every-value.ts'
import { withService } from './with-service.ts'

const slug = { type: 'positional', required: true, description: 'as `source list` shows it' } as const
const secret = {
  type: 'string',
  description: 'the one that the tool made; - reads it from the input, so that no shell remembers it',
} as const
const origin = {
  type: 'string',
  description: 'site whose pages may send a plain HTML form, such as https://clinic.example; may come again',
} as const
const actor = () => `cli: ${userInfo().username}`

/** Prints where a source's leads go, with its newest secret. */
function printAddress(
  { config: { publicUrl }, forms, formSecrets }: Context,
  source: Source,
  secrets: readonly string[] = source.secrets,
): void {
  console.log(`Address: ${sourceAddress(publicUrl, source)}`)
  if (isPublic(source)) {
    console.log(`Hosted:  ${publicUrl}/f/${source.slug}`)
    console.log(`Script:  <script src="${publicUrl}/embed.js" data-source="${source.slug}" defer></script>`)
  }
  if (mustAskForm(forms[source.adapter]!)) console.log(`Verify:  ${formSecrets.verifyToken(source.slug)}`)
  if (!isSecretInPath(source.adapter)) for (const one of secrets) console.log(`Secret:  ${one}`)
}

function printGuide({ config: { publicUrl } }: Context, source: Source): void {
  const { tool, steps, script } = connectGuides[source.adapter as keyof typeof connectGuides]
  console.log(`\n${tool}:`)
  for (const [index, step] of steps.entries()) console.log(`  ${index + 1}. ${step}`)
  if (script) console.log(`\n${script(sourceAddress(publicUrl, source), source.secrets[0]!)}`)
}

/** What makes an inquiry a consent, where a form has no box to tick. */
function printNotice({ config: { brand } }: Context): void {
  console.log('\nWithout a box to tick, put this beside the button of the form:')
  console.log(
    `  ${brand.clinicName} answers by email: a reply now, and a short series about your question over the next weeks. ` +
      'Every email has a link that ends it.',
  )
}

/** Each may be a list of several. */
const everyOrigin = (rawArgs: readonly string[]) =>
  everyValue(rawArgs, '--origin').flatMap((value) => value.split(/[\s,]+/).filter(Boolean))

async function givenSecret(value: string | undefined): Promise<string | null> {
  if (value !== '-') return value ?? null
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

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
      origin,
      'proof-of-work': {
        type: 'boolean',
        default: false,
        description: 'a plain HTML form has to bring one; then it needs JavaScript',
      },
      'double-opt-in': {
        type: 'boolean',
        default: false,
        description: 'ask each lead in a mail before anything else is sent',
      },
      topical: {
        type: 'boolean',
        default: false,
        description: 'subjects may name the topic: only if the form is about it and its notice says so',
      },
      secret,
    },
    run: ({ args, rawArgs }) =>
      withService(async ({ ctx }) => {
        const source = await addSource(ctx, {
          adapter: args.adapter,
          name: args.name,
          sequence: args.sequence,
          topical: args.topical,
          thankYouUrl: args['thank-you'] ?? null,
          origins: everyOrigin(rawArgs),
          proofOfWork: args['proof-of-work'],
          doubleOptIn: args['double-opt-in'],
          secret: await givenSecret(args.secret),
          actor: actor(),
        })
        printAddress(ctx, source)
        printGuide(ctx, source)
        printNotice(ctx)
      }),
  }),
  list: defineCommand({
    meta: { description: 'Sources, and how many requests each had refused' },
    run: () =>
      withService(async ({ ctx }) => {
        for (const source of await listSources(ctx.db))
          console.log(
            `${source.slug.padEnd(28)} ${source.adapter.padEnd(18)} refused ${source.refusedCount}  ${source.name}`,
          )
      }),
  }),
  secret: defineCommand({
    meta: { description: "Show a source's address and secret again, and how its tool is connected" },
    args: { slug },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const source = await findSource(ctx.db, args.slug)
        if (!source) throw new Problem('not-found', `No source ${args.slug}.`)
        if (source.adapter === importAdapter)
          throw new Problem('config', 'This source is a list that was imported: nothing can be sent to it.')
        printAddress(ctx, source)
        printGuide(ctx, source)
        printNotice(ctx)
      }),
  }),
  form: defineCommand({
    meta: { description: 'How a form may be sent, and whether its leads are asked first: shown, or changed' },
    args: {
      slug,
      origin,
      'any-origin': { type: 'boolean', default: false, description: 'let any site send it' },
      'proof-of-work': { type: 'enum', options: ['on', 'off'], description: 'on needs JavaScript' },
      'double-opt-in': {
        type: 'enum',
        options: ['on', 'off'],
        description: 'on asks each lead in a mail first',
      },
    },
    run: ({ args, rawArgs }) =>
      withService(async ({ ctx }) => {
        const given = everyOrigin(rawArgs)
        const origins = given.length > 0 || args['any-origin'] ? given : null
        const proofOfWork = args['proof-of-work'] ? args['proof-of-work'] === 'on' : null
        const doubleOptIn = args['double-opt-in'] ? args['double-opt-in'] === 'on' : null
        const isChange = origins !== null || proofOfWork !== null || doubleOptIn !== null
        const source = isChange
          ? await changeForm(ctx, { slug: args.slug, origins, proofOfWork, doubleOptIn, actor: actor() })
          : await findSource(ctx.db, args.slug)
        if (!source) throw new Problem('not-found', `No source ${args.slug}.`)
        console.log(`Sites: ${source.origins.join(', ') || 'any'}`)
        console.log(`Proof of work: ${source.proofOfWork ? 'on' : 'off'}`)
        console.log(`Double opt-in: ${source.doubleOptIn ? 'on' : 'off'}`)
      }),
  }),
  alerts: defineCommand({
    meta: { description: "When the front desk hears of a source's leads: shown, or changed" },
    args: {
      slug,
      'at-once': { type: 'boolean', default: false, description: 'a mail for each lead' },
      digest: { type: 'boolean', default: false, description: 'one mail a day, at ALERT_DIGEST_HOUR' },
      none: { type: 'boolean', default: false, description: 'no mail' },
    },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const given = sourceAlerts.filter((when) => args[when])
        if (given.length > 1) throw new Problem('config', `Expected one of --${sourceAlerts.join(', --')}.`)
        const [alerts] = given
        if (alerts) await changeAlerts(ctx, { slug: args.slug, alerts, actor: actor() })
        const source = await findSource(ctx.db, args.slug)
        if (!source) throw new Problem('not-found', `No source ${args.slug}.`)
        console.log(`The front desk hears of its leads: ${source.alerts}`)
        console.log('Who asks to be called, and replies, are told at once whatever this says.')
      }),
  }),
  rotate: defineCommand({
    meta: { description: 'Give a source a new secret; the old one stays good until `source retire`' },
    args: { slug, secret },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const source = await rotateSecret(ctx, {
          slug: args.slug,
          secret: await givenSecret(args.secret),
          actor: actor(),
        })
        printAddress(ctx, source, source.secrets.slice(0, 1))
        console.log('Old and new are good now. Once the tool uses the new one:')
        console.log(`npm run nurture -- source retire ${source.slug}`)
      }),
  }),
  retire: defineCommand({
    meta: { description: 'End a rotation: only the newest secret is good from now on' },
    args: { slug },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        await retireSecret(ctx, { slug: args.slug, actor: actor() })
        console.log('Only the newest secret is good now.')
      }),
  }),
  fields,
  map,
  replay,
}
