import type { MailProps, RenderedMail } from '../src/core/mail.ts'
import type { Template } from './_components/template.ts'
import type { ArticleId } from './article.ts'

/** One claim that a lesson makes: this phrase of its text teaches that point. */
export type CoverageRow = {
  id: ArticleId
  template: string
  lesson: number
  phrase: string
  /** The sentence around the phrase, as the reader sees it. */
  sentence: string
  found: boolean
}

type MailRenderer<Name extends string> = { mail(name: Name, props: MailProps): Promise<RenderedMail> }

const oneLine = (text: string) => text.replace(/\s+/g, ' ')

function sentenceAround(text: string, phrase: string): string {
  const at = text.indexOf(phrase)
  if (at < 0) return ''
  const start = Math.max(
    0,
    ...['. ', '? ', ': '].map((end) => text.lastIndexOf(end, at - 1) + 2).filter((n) => n > 1),
  )
  const rest = text.slice(at + phrase.length)
  return text.slice(start, at + phrase.length + (rest.search(/[.?!:](\s|$)/) + 1)).trim()
}

/** Looks up, for every lesson and point, the sentence that teaches it in the rendered text. */
export async function coverage<T extends Record<string, Template>>(
  templates: T,
  renderer: MailRenderer<keyof T & string>,
): Promise<CoverageRow[]> {
  const rows: CoverageRow[] = []
  for (const [template, { evidence, previewProps, tag }] of Object.entries(templates)) {
    const text = oneLine((await renderer.mail(template, previewProps)).text)
    for (const [id, phrase] of Object.entries(evidence)) {
      const sentence = sentenceAround(text, phrase)
      const lesson = Number(tag.replace('lesson-', ''))
      rows.push({ id: id as ArticleId, template, lesson, phrase, sentence, found: sentence !== '' })
    }
  }
  return rows
}
