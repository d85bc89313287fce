import type { Alert } from '../../store/alerts.ts'
import type { RenderAlert } from './alert-mail.ts'
import { digest } from './digest.ts'
import { hookRefusing } from './hook-refusing.ts'
import { parked } from './parked.ts'
import { leadMail } from './lead-news.ts'
import { mailsInTrouble } from './mails-in-trouble.ts'
import { renderFault } from './render-fault.ts'
import { reply } from './reply.ts'
import { sendingPaused } from './sending-paused.ts'
import { sendingUnclear } from './sending-unclear.ts'
import { signIn } from './sign-in.ts'
import { sourceRefusing } from './source-refusing.ts'
import { sourceSilent } from './source-silent.ts'
import { templatePaused } from './template-paused.ts'

/** One renderer for each kind of alert. */
export const alertMails: Readonly<Record<Alert['kind'], RenderAlert>> = {
  'fresh-lead': leadMail,
  'call-me': leadMail,
  'unbooked-click': leadMail,
  finished: leadMail,
  digest,
  reply,
  'source-refusing': sourceRefusing,
  'source-silent': sourceSilent,
  'hook-refusing': hookRefusing,
  'sending-paused': sendingPaused,
  'template-paused': templatePaused,
  'render-fault': renderFault,
  'mails-in-trouble': mailsInTrouble,
  parked,
  'sending-unclear': sendingUnclear,
  'sign-in': signIn,
}
