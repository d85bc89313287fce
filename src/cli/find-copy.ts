import { type TemplateName, templates } from '../../emails/index.ts'
import type { Copy } from '../../emails/_components/copy.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { findRevision, newestRevision, type Revision } from '../store/revisions.ts'

/** Words with where they come from; `revision` 0 is the code. */
export type FoundCopy = {
  revision: number
  status: string
  basedOn: number
  copy: Copy
  row: Revision | null
}

/** The template of that name. Throws Problem `not-found` naming those there are. */
export function templateOf(name: string): TemplateName {
  if (Object.hasOwn(templates, name)) return name as TemplateName
  throw new Problem('not-found', `No template ${name}. There are: ${Object.keys(templates).join(', ')}.`)
}

/** A revision's number as a person typed it; undefined when they typed none. */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,9}$/.test(text))
    throw new Problem('invalid', `“${text}” is no revision: expected a number, 0 for the code.`)
  return Number(text)
}

/** The words of a revision; without a number those in force. Throws Problem `not-found`, or `conflict` for words that no longer fit. */
export async function findCopy(ctx: Context, name: TemplateName, revision?: number): Promise<FoundCopy> {
  const published = await newestRevision(ctx.db, name, 'published')
  const inForce = published?.revision ?? 0
  const wanted = revision ?? inForce
  if (wanted === 0)
    return { revision: 0, status: 'in code', basedOn: inForce, copy: templates[name].defaults, row: null }
  const row = await findRevision(ctx.db, name, wanted)
  if (!row) throw new Problem('not-found', `${name} has no revision ${wanted}. See: copy list ${name}`)
  const parsed = ctx.copyDesk.parse(name, row.copy)
  if ('findings' in parsed)
    throw new Problem(
      'conflict',
      `Revision ${wanted} no longer fits ${name}, and the copy in code goes out in its place. Start from: copy edit ${name} 0`,
      parsed.findings,
    )
  // A draft keeps what it was made to replace; any other words would replace what is in force now.
  const basedOn = row.status === 'draft' ? row.baseRevision : inForce
  return { revision: wanted, status: row.status, basedOn, copy: parsed.copy as Copy, row }
}
