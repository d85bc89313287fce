import { defineCommand } from 'citty'
import { printCopy, printDraft } from '../../emails/_text/print-copy.ts'
import { diffLines } from '../core/diff-lines.ts'
import { listRevisions, newestRevision } from '../store/revisions.ts'
import { findCopy, type FoundCopy, numberOf, templateOf } from './find-copy.ts'
import { withService } from './with-service.ts'

const template = { type: 'positional', required: true, description: 'such as lock-up' } as const
const optionalRevision = {
  type: 'positional',
  required: false,
  description: 'its number; 0 is the code',
} as const

/** The words in code were written for one clinic: nobody else may send them unread. */
const claims =
  'These words in code speak for one clinic (whom it helps, what it sees every week). Confirm each claim before going live.'

/** Where words come from, in one line. */
export const headline = ({ revision, status, row }: FoundCopy) =>
  row
    ? `revision ${revision}, ${status}, by ${row.author} on ${row.createdAt.toISOString().slice(0, 10)}${row.note ? `: ${row.note}` : ''}`
    : claims

/** The commands that only look. */
export const copyViews = {
  list: defineCommand({
    meta: { description: 'Revisions of the words, newest first' },
    args: { template: { ...template, required: false } },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const only = args.template ? templateOf(args.template) : null
        const rows = await listRevisions(ctx.db, only)
        for (const name of only ? [only] : [...ctx.templates]) {
          const own = rows.filter((row) => row.template === name)
          const inForce = own.find(({ status }) => status === 'published')
          console.log(`${name}  in force: ${inForce ? `revision ${inForce.revision}` : 'the copy in code'}`)
          for (const { revision, status, createdAt, author, note: why, misfit } of own) {
            const line = `  ${String(revision).padStart(3)}  ${status.padEnd(9)}  ${createdAt.toISOString().slice(0, 16)}  ${author}`
            console.log(`${line}${why ? `  ${why}` : ''}${misfit ? `  NOT USED: ${misfit}` : ''}`)
          }
        }
      }),
  }),
  show: defineCommand({
    meta: { description: 'The words of a revision, ready to be edited; without a number those in force' },
    args: { template, revision: optionalRevision },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const name = templateOf(args.template)
        const found = await findCopy(ctx, name, numberOf(args.revision))
        console.log(printDraft({ template: name, ...found }, [headline(found)]).trimEnd())
      }),
  }),
  diff: defineCommand({
    meta: {
      description: 'What changed between two revisions; by default from those in force to the newest draft',
    },
    args: { template, from: optionalRevision, to: optionalRevision },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const name = templateOf(args.template)
        const draft = await newestRevision(ctx.db, name, 'draft')
        const before = await findCopy(ctx, name, numberOf(args.from))
        const after = await findCopy(ctx, name, numberOf(args.to) ?? draft?.revision)
        const lines = diffLines(printCopy(before.copy), printCopy(after.copy)).filter(
          ({ sign }) => sign !== ' ',
        )
        console.log(
          `${name}: from revision ${before.revision} to ${after.revision}${lines.length ? '' : ', no change'}`,
        )
        for (const { sign, text } of lines) console.log(`${sign} ${text}`)
      }),
  }),
}
