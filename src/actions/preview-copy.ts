import type { Context } from '../context.ts'
import type { Preview } from '../core/copy.ts'
import type { MailProps } from '../core/mail.ts'
import { Problem } from '../core/problem.ts'
import { partOf, type Sequence } from '../core/sequence.ts'
import { cleanProps } from '../mail/render-values.ts'
import { findEnrollments } from '../store/enrollments.ts'
import { findLead } from '../store/leads.ts'
import { currentSequence, definitionOf } from './definitions.ts'
import { type CopyChoice, wordsOf } from './describe-copy.ts'

/** Through whose eyes: a sample with a name or without, or a lead by its id. */
type Reader = 'sample' | 'nameless' | { leadId: string }

export type PreviewOf = {
  template: string
  choice: CopyChoice
  reader: Reader
  /** Null: as the reader gets it. */
  topical: boolean | null
}

/**
 * A mail as it would go out to a reader, its links apart: those of a preview lead to no one, so that nobody is
 * unsubscribed by looking. Throws Problem `not-found`, and `invalid` for words that cannot be drawn.
 */
export async function previewCopy(
  ctx: Context,
  { template, choice, reader, topical }: PreviewOf,
): Promise<Preview> {
  const words = await wordsOf(ctx, template, choice)
  const { publicUrl, brand } = ctx.config
  const props: MailProps = cleanProps({
    brand,
    ...(await readerOf(ctx, template, reader, topical)),
    bookingUrl: brand.bookingUrl,
    unsubscribeUrl: `${publicUrl}/u/preview`,
    callMeUrl: `${publicUrl}/call/preview`,
    confirmUrl: `${publicUrl}/confirm/preview`,
  })
  try {
    return await ctx.copyDesk.preview(template, words, props)
  } catch (error) {
    ctx.log.warn({ template, error: (error as Error).name }, 'a preview could not be drawn')
    throw new Problem('invalid', 'This cannot be drawn yet: mend what is marked beside the text.')
  }
}

async function readerOf(ctx: Context, template: string, reader: Reader, topical: boolean | null) {
  if (typeof reader === 'string') {
    const firstName = reader === 'sample' ? 'Pat' : null
    return { firstName, topical: topical ?? false, ...(await partFor(ctx, template, [])) }
  }
  const lead = await findLead(ctx.db, reader.leadId)
  if (!lead || lead.erasedAt) throw new Problem('not-found', 'There is no such lead.')
  const enrollments = await findEnrollments(ctx.db, lead.id)
  const own = await Promise.all(enrollments.map(({ definitionHash }) => definitionOf(ctx, definitionHash)))
  return {
    firstName: lead.firstName,
    topical: topical ?? enrollments[0]?.topical ?? false,
    ...(await partFor(ctx, template, own)),
  }
}

/** Which part the mail is in a reader's own sequences, else as a lead gets it who comes now, else as it stands in code. */
async function partFor(ctx: Context, template: string, own: readonly Sequence[]) {
  const inCode = Object.values(ctx.sequences)
  const current = await Promise.all(inCode.map(({ key }) => currentSequence(ctx, ctx.db, key)))
  for (const sequence of [...own, ...current, ...inCode]) {
    const step = sequence?.steps.find((one) => one.template === template)
    if (sequence && step) return partOf(sequence, step.key)
  }
  return { part: 1, parts: 1 }
}
