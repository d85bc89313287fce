import type { MailProps, RenderedMail } from './mail.ts'

/** Where a revision stands. A draft never changes: an edit of it makes another one. */
export const revisionStatuses = ['draft', 'published', 'retired'] as const

/** One thing that a check of the copy found. `refuse` keeps it from being published, `warn` asks a person to look. */
export type CopyFinding = {
  level: 'refuse' | 'warn'
  /** Dotted path of the words: `subject`, `lesson.2.text`; a part of the mail where no words are to blame. */
  field: string
  /** What is wrong, and what to do. */
  message: string
}

/** One block of words; what may stand in it and how long it may be is the template's schema to say. */
export type Block =
  | { type: 'paragraph'; text: string }
  | { type: 'list'; marks: 'dots' | 'numbers'; items: string[] }
  | { type: 'callout'; title: string; text: string }
  | { type: 'image'; drawing: string; alt: string }
  | { type: 'button'; label: string; to: 'booking' | 'call-me' }

/** All words of a mail, in the shape of copy but not checked: what a person is at work on. */
export type Words = {
  subject: string
  topicalSubject: string
  preheader: string
  eyebrow: string
  title: string
  art: { drawing: string; alt: string }
  opening: Block[]
  lesson: Block[]
  stepTitle: string
  step: Block[]
}

/** Most characters of each text, by its name: `subject`, `callout.title`; and most blocks and items. */
type CopyLimits = Readonly<Record<string, number>>

/** What an editor has to know of a template. */
export type TemplateSheet = {
  tag: string
  /** The words in code. */
  words: Words
  limits: CopyLimits
  drawings: readonly string[]
  /** Names of what may stand in double braces. */
  fields: readonly string[]
}

/** What a lesson has to teach, and the sentence of these words that does; empty where none does. */
export type TaughtPoint = { id: string; says: string; phrase: string; sentence: string; found: boolean }

/** A mail as an inbox lists it and as it is opened. */
export type Preview = RenderedMail & { preheader: string }

/** What the service knows of its templates' words; their schema and the checks are in emails. */
export type CopyDesk = {
  /** The words, if today's template can use them; else what does not fit. */
  parse(template: string, copy: unknown): { copy: object } | { findings: CopyFinding[] }
  /** Every check that needs no browser, on mails rendered as they would go out. */
  check(template: string, copy: object): Promise<CopyFinding[]>
  /** Where words count the mails of their sequence by themselves, which is wrong once a step is switched off. */
  counts(copy: object): CopyFinding[]
  /** Null for a template that is not there. */
  sheet(template: string): TemplateSheet | null
  /** The mail with these words, fit to be published or not. Rejects when they have no shape that can be drawn. */
  preview(template: string, copy: object, props: MailProps): Promise<Preview>
  /** Which points of the article the lesson promises, and whether these words still teach them. */
  coverage(template: string, copy: object): Promise<TaughtPoint[]>
}

/** A published revision as a worker holds it; `copy` is null when today's template cannot use it. */
export type PublishedCopy = { id: string; revision: number; copy: object | null }
