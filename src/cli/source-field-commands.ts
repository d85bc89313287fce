import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { mapSource } from '../actions/map-source.ts'
import { readFields, type SourceFields } from '../actions/read-fields.ts'
import { replayCapture } from '../actions/replay-capture.ts'
import { type MappableField, mappableFields } from '../capture/field-names.ts'
import { type FieldMapping, fieldOf } from '../capture/map-fields.ts'
import { Problem } from '../core/problem.ts'
import { listParkedIds } from '../store/captures.ts'
import type { Db } from '../store/db.ts'
import { findSource, type Source } from '../store/sources.ts'
import { withService } from './with-service.ts'

const slug = { type: 'positional', required: true, description: 'as `source list` shows it' } as const
const actor = () => `cli: ${userInfo().username}`
const atOnce = 100

async function sourceOf(db: Db, name: string): Promise<Source> {
  const source = await findSource(db, name)
  if (!source) throw new Problem('not-found', `No source ${name}.`)
  return source
}

export const fields = defineCommand({
  meta: { description: "What the fields of a source's form are taken for" },
  args: { slug },
  run: ({ args }) =>
    withService(async ({ ctx }) => {
      const source = await sourceOf(ctx.db, args.slug)
      const read = await readFields(ctx, source)
      if (!read) return console.log('Nothing came from it yet. Send the form once, then look again.')
      console.log(`As the form was on ${read.receivedAt.toISOString()}:`)
      for (const { key, label, readAs } of read.fields)
        console.log(
          `  ${key.padEnd(30)} ${(label ?? '').padEnd(30)} ${readAs.map(asMapped(source)).join(', ') || '-'}`,
        )
      console.log(`\nRight? npm run nurture -- source map ${source.slug} --confirm`)
      console.log(`Else:  npm run nurture -- source map ${source.slug} email=<field> phone=none`)
      console.log(`What a form can tell: ${mappableFields.join(', ')}.`)
    }),
})

const asMapped = (source: Source) => (target: MappableField) =>
  source.mapping && target in source.mapping ? target : `${target} (guessed)`

export const map = defineCommand({
  meta: { description: 'Say which field of a form means what' },
  args: {
    slug,
    confirm: { type: 'boolean', default: false, description: 'keep what is guessed now' },
    clear: { type: 'boolean', default: false, description: 'guess everything again' },
  },
  run: ({ args }) =>
    withService(async ({ ctx }) => {
      const source = await sourceOf(ctx.db, args.slug)
      const read = await readFields(ctx, source)
      const given = args._.slice(1)
      if (!args.confirm && !args.clear && given.length === 0)
        throw new Problem('config', 'Expected --confirm, --clear, or pairs such as email=<field>.')
      const mapping = args.clear
        ? null
        : {
            ...source.mapping,
            ...(args.confirm ? read?.mapping : {}),
            ...Object.fromEntries(given.map((pair) => parsePair(pair, read))),
          }
      await mapSource(ctx, { slug: source.slug, mapping, actor: actor() })
      for (const [target, field] of Object.entries(mapping ?? {}))
        console.log(`${target.padEnd(20)} ${field ?? 'none'}`)
      console.log(mapping ? 'All else is guessed.' : 'Everything is guessed now.')
      const parked = await listParkedIds(ctx.db, source.id, null, 1)
      if (parked.length > 0)
        console.log(
          `Captures of it are parked. Try them again: npm run nurture -- source replay ${source.slug}`,
        )
    }),
})

/** Throws Problem `config` for a target that is not there, or a field that the newest capture does not have. */
function parsePair(pair: string, read: SourceFields | null): [keyof FieldMapping, string | null] {
  const [target = '', ...rest] = pair.split('=')
  const name = rest.join('=').trim()
  if (!(mappableFields as readonly string[]).includes(target) || name === '')
    throw new Problem('config', `${pair}: expected <what>=<field>, with one of ${mappableFields.join(', ')}.`)
  if (name === 'none') return [target as MappableField, null]
  const known = read?.fields.map(({ key, label }) => ({
    key,
    value: '',
    ...(label === null ? {} : { label }),
  }))
  if (known && !fieldOf(known, name))
    throw new Problem(
      'config',
      `The form has no field ${name}. See: npm run nurture -- source fields <source>`,
    )
  return [target as MappableField, name]
}

export const replay = defineCommand({
  meta: { description: 'Try all parked captures of a source again, after its mapping changed' },
  args: { slug },
  run: ({ args }) =>
    withService(async ({ ctx }) => {
      const source = await sourceOf(ctx.db, args.slug)
      const counts: Record<string, number> = {}
      let after: string | null = null
      for (;;) {
        const ids: string[] = await listParkedIds(ctx.db, source.id, after, atOnce)
        if (ids.length === 0) break
        for (const captureId of ids) {
          const status = await replayCapture(ctx, { captureId, actor: actor() }).then(
            (result) => result.status,
            (error: unknown) => {
              if (error instanceof Problem) return 'parked' as const
              throw error
            },
          )
          counts[status] = (counts[status] ?? 0) + 1
        }
        after = ids.at(-1)!
        console.log(
          Object.entries(counts)
            .map(([status, count]) => `${count} ${status}`)
            .join(', '),
        )
      }
      if (after === null) console.log('None of its captures is parked.')
    }),
})
