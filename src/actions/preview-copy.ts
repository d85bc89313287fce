import type { Context } from '../context.ts'
import type { Preview } from '../core/copy.ts'
import type { MailProps } from '../core/mail.ts'
import { Problem } from '../core/problem.ts'
import { cleanProps } from '../mail/render-values.ts'
import { findEnrollments } from '../store/enrollments.ts'
import { findLead } from '../store/leads.ts'
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
    ...(await readerOf(ctx, reader, topical)),
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

async function readerOf(ctx: Context, reader: Reader, topical: boolean | null) {
  if (typeof reader === 'string')
    return { firstName: reader === 'sample' ? 'Pat' : null, topical: topical ?? false }
  const lead = await findLead(ctx.db, reader.leadId)
  if (!lead || lead.erasedAt) throw new Problem('not-found', 'There is no such lead.')
  const [newest] = topical === null ? await findEnrollments(ctx.db, lead.id) : []
  return { firstName: lead.firstName, topical: topical ?? newest?.topical ?? false }
}
