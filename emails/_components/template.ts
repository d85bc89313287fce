import type { ReactElement } from 'react'
import type { MailProps } from '../../src/core/mail.ts'
import type { ArticleId } from '../article.ts'
import { copySchema, type Copy } from './copy.ts'
import { fill, mergeValues } from './merge.ts'
import { previewProps } from './preview-props.ts'

/** A mail's props, and the published copy if it differs from the defaults in code. */
export type LessonProps = MailProps & { copy?: Copy | undefined }

type LessonComponent = ((props: LessonProps) => ReactElement) & { PreviewProps?: LessonProps }

/** The phrase of the rendered text that teaches a point of the article. */
type Evidence = Readonly<Partial<Record<ArticleId, string>>>

/** One lesson, or a mail built like one: structure as a component, words as data, and what it teaches. */
export type Template = {
  /** What leaves our house instead of the file's name, which speaks of health. */
  tag: `lesson-${number}` | 'rebook' | 'confirm'
  copy: typeof copySchema
  defaults: Copy
  subject: (props: LessonProps) => string
  component: LessonComponent
  teaches: readonly ArticleId[]
  evidence: Evidence
  previewProps: MailProps
}

/** A mail to the staff: always rendered directly, since few are sent. */
export type AlertTemplate<Props> = {
  subject: (props: Props) => string
  component: (props: Props) => ReactElement
  previewProps: Props
}

type Parts = Pick<Template, 'tag' | 'defaults' | 'component' | 'evidence'>

/** Completes a lesson from the parts that differ. */
export function defineTemplate({ tag, defaults, component, evidence }: Parts): Template {
  // Their place when no step is switched off: the number in the tag.
  const ownProps = { ...previewProps, part: Number(/\d+$/.exec(tag)?.[0] ?? 1) }
  component.PreviewProps = ownProps
  return {
    tag,
    copy: copySchema,
    defaults,
    subject: ({ copy = defaults, ...mail }) =>
      fill(mail.topical ? copy.topicalSubject : copy.subject, mergeValues(mail)),
    component,
    teaches: Object.keys(evidence) as ArticleId[],
    evidence,
    previewProps: ownProps,
  }
}
