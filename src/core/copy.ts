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

/** What the service knows of its templates' words; their schema and the checks are in emails. */
export type CopyDesk = {
  /** The words, if today's template can use them; else what does not fit. */
  parse(template: string, copy: unknown): { copy: object } | { findings: CopyFinding[] }
  /** Every check that needs no browser, on mails rendered as they would go out. */
  check(template: string, copy: object): Promise<CopyFinding[]>
}

/** A published revision as a worker holds it; `copy` is null when today's template cannot use it. */
export type PublishedCopy = { id: string; revision: number; copy: object | null }
