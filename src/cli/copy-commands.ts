import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { printDraft } from '../../emails/_text/print-copy.ts'
import { publishCopy } from '../actions/publish-copy.ts'
import { rollbackCopy } from '../actions/rollback-copy.ts'
import { saveCopy } from '../actions/save-copy.ts'
import { Problem } from '../core/problem.ts'
import { newestRevision } from '../store/revisions.ts'
import { copyViews, headline } from './copy-views.ts'
import { editText, parseText, printFindings, withPlaces } from './copy-text.ts'
import { findCopy, numberOf, templateOf } from './find-copy.ts'
import { withService } from './with-service.ts'

const template = { type: 'positional', required: true, description: 'such as lock-up' } as const
const optionalRevision = {
  type: 'positional',
  required: false,
  description: 'its number; 0 is the code',
} as const
const note = { type: 'string', description: 'why, for those who come later' } as const
const actor = () => `cli: ${userInfo().username}`

export const copyCommands = {
  ...copyViews,
  edit: defineCommand({
    meta: { description: 'Edit words in $EDITOR and save them as a draft' },
    args: {
      template,
      revision: optionalRevision,
      file: { type: 'string', description: 'take the text from this file instead (- for standard input)' },
      note,
    },
    async run({ args }) {
      const name = templateOf(args.template)
      const found = await withService(({ ctx }) => findCopy(ctx, name, numberOf(args.revision)))
      const before = printDraft({ template: name, ...found }, [headline(found)])
      const edited = args.file
        ? { text: readFileSync(args.file === '-' ? 0 : args.file, 'utf8'), file: args.file }
        : editText(name, before)
      if (edited.text === before) return console.log('Nothing changed.')
      try {
        await save(name, edited.text, found.basedOn, args.note)
      } catch (error) {
        if (args.file !== '-')
          console.error(
            `Your text is in ${edited.file}. Mend it, then: copy edit ${name} --file ${edited.file}`,
          )
        throw error
      }
    },
  }),
  publish: defineCommand({
    meta: { description: 'Put a draft in force from the next tick on; without a number the newest' },
    args: {
      template,
      revision: optionalRevision,
      over: { type: 'string', description: 'replace this revision, though the draft began from another' },
    },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const name = templateOf(args.template)
        const revision = numberOf(args.revision) ?? (await newestRevision(ctx.db, name, 'draft'))?.revision
        if (revision === undefined)
          throw new Problem('not-found', `${name} has no draft. Make one: copy edit ${name}`)
        const input = { template: name, revision, over: numberOf(args.over), actor: actor() }
        const warnings = await publishCopy(ctx, input).catch((error: unknown) => {
          throw withPlaces(error, null)
        })
        printFindings(warnings, null)
        console.log(
          `Revision ${revision} of ${name} is in force from the next tick on. Sealed mail stays as it was.`,
        )
      }),
  }),
  rollback: defineCommand({
    meta: { description: 'Bring back the words of an earlier revision (0: those in code)' },
    args: { template, revision: { ...template, description: 'its number, as `copy list` shows it' }, note },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const name = templateOf(args.template)
        const to = numberOf(args.revision) ?? 0
        const done = await rollbackCopy(ctx, { template: name, to, note: args.note ?? null, actor: actor() })
        printFindings(done.warnings, null)
        console.log(
          done.revision === 0
            ? `The copy in code is in force for ${name} from the next tick on.`
            : `The words of revision ${to} are in force again, as revision ${done.revision}, from the next tick on.`,
        )
      }),
  }),
}

async function save(name: string, text: string, inForce: number, why: string | undefined): Promise<void> {
  const read = parseText(text, name)
  await withService(async ({ ctx }) => {
    const draft = { template: name, copy: read.copy, basedOn: read.basedOn ?? inForce, note: why ?? null }
    const saved = await saveCopy(ctx, { ...draft, actor: actor() }).catch((error: unknown) => {
      throw withPlaces(error, read)
    })
    printFindings(saved.findings, read)
    console.log(`Saved as draft ${saved.draft.revision}. Next: copy diff ${name}, then copy publish ${name}`)
  })
}
