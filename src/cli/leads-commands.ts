import { userInfo } from 'node:os'
import { basename } from 'node:path'
import { defineCommand } from 'citty'
import type { ListColumns } from '../capture/list-columns.ts'
import { everyValue } from './every-value.ts'
import { exportLeads } from './export-leads.ts'
import { importLeads } from './import-leads.ts'
import { withService } from './with-service.ts'

const actor = () => `cli: ${userInfo().username}`
const percent = (share: number) => `${Math.min(100, Math.round(share * 100))} %`

function printColumns({ mapping, proof, agreedAt }: ListColumns): void {
  for (const [target, column] of Object.entries({ ...mapping, proof, agreedAt }))
    if (column) console.log(`${target.padEnd(20)} ${column}`)
  console.log('Not right? Say so: --map phone="Cell" --map country=none\n')
}

export const leadsCommands = {
  import: defineCommand({
    meta: { description: 'Take a CSV list of leads; started again, it goes on where it was' },
    args: {
      file: { type: 'positional', required: true, description: 'the CSV file, with a line of column names' },
      name: { type: 'string', description: "what the front desk calls the list; the file's name without it" },
      sequence: { type: 'string', default: 'back-spasms', description: 'which one they get' },
      map: {
        type: 'string',
        description: 'what a column holds, such as email="E-mail 1" or proof="Signed up"; may come again',
      },
      enroll: {
        type: 'boolean',
        default: false,
        description: 'mail those of whom the list proves that they agreed; else they are only stored',
      },
      'per-day': { type: 'string', default: '500', description: 'most first mails a day' },
      'dry-run': {
        type: 'boolean',
        default: false,
        description: 'say what would happen, and change nothing; an address that comes twice counts twice',
      },
    },
    run: ({ args, rawArgs }) =>
      withService(async ({ ctx }) => {
        const dryRun = args['dry-run']
        const report = await importLeads(ctx, {
          file: args.file,
          name: args.name ?? basename(args.file),
          sequence: args.sequence,
          map: everyValue(rawArgs, '--map'),
          enroll: args.enroll,
          perDay: Number(args['per-day']),
          dryRun,
          actor: actor(),
          told: printColumns,
          progress: (lines, share) => console.error(`${lines} lines, ${percent(share)} of the file`),
        })
        const { lines, failed, errorFile } = report
        console.log(`${dryRun ? 'A dry run, nothing was changed. ' : ''}${lines} lines:`)
        const says = {
          enrolled: `enrolled; the first mails go in their window from the next day on, ${args['per-day']} a day`,
          stored: 'stored, to be mailed nothing',
          'without-consent': 'stored, to be mailed nothing: no proof of how and when they agreed',
          unconfirmed: 'stored, until they confirm',
          impossible: 'stored; no mail can arrive there',
          attached: 'are in a sequence already',
          finished: 'had their sequence before',
          booked: 'have booked',
          suppressed: 'never to be mailed',
          known: 'taken by an earlier run',
        } as const
        for (const [outcome, words] of Object.entries(says)) {
          const count = report[outcome as keyof typeof says]
          if (count > 0) console.log(`${String(count).padStart(8)} ${words}`)
        }
        if (failed > 0) {
          console.log(`${String(failed).padStart(8)} wrong, and why: ${errorFile}`)
          process.exitCode = 1
        }
      }),
  }),
  export: defineCommand({
    meta: { description: 'Write every lead to a CSV file; who was erased is in none' },
    args: { file: { type: 'positional', required: true, description: 'the CSV file to make' } },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const progress = (lines: number, about: number) =>
          console.error(about > lines ? `${lines} of about ${Math.round(about)}` : `${lines} leads`)
        const { lines, suppressed } = await exportLeads(ctx, { file: args.file, progress })
        console.log(`${lines} leads are in ${args.file}, which only you can read. It holds personal data.`)
        if (suppressed > 0) console.log(`${suppressed} of them are never to be mailed: see the last column.`)
      }),
  }),
}
