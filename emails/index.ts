import type { Template } from './_components/template.ts'
import { confirm } from './confirm.tsx'
import { digestAlert } from './digest-alert.tsx'
import { fourPatterns } from './four-patterns.tsx'
import { freshLeadAlert } from './fresh-lead-alert.tsx'
import { inControl } from './in-control.tsx'
import { lockUp } from './lock-up.tsx'
import { movement } from './movement.tsx'
import { rebook } from './rebook.tsx'
import { reliefIsAWindow } from './relief-is-a-window.tsx'
import { whoShouldGetHelp } from './who-should-get-help.tsx'
import { whyScansMiss } from './why-scans-miss.tsx'

/** Every lesson by its template name, in teaching order, and then what is no lesson. */
export const templates = {
  'lock-up': lockUp,
  'why-scans-miss': whyScansMiss,
  'four-patterns': fourPatterns,
  'relief-is-a-window': reliefIsAWindow,
  movement,
  'in-control': inControl,
  'who-should-get-help': whoShouldGetHelp,
  rebook,
  confirm,
} as const satisfies Record<string, Template>

export type TemplateName = keyof typeof templates

/** Mails to the staff. */
export const alerts = { 'fresh-lead': freshLeadAlert, digest: digestAlert } as const

export type { Template } from './_components/template.ts'
