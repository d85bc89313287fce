import type { SubmittedField } from '../../core/submission.ts'
import { oneLine } from '../text.ts'

const no =
  /^(?:no|not|never|none|n|false|0|off|unchecked|declined?|disagree|(?:i|we) (?:do not|don'?t|decline|disagree))\b/
const yes =
  /^(?:yes|y|on|1|true|checked|ticked|ok|okay|sure|agreed?|accept(?:ed)?|(?:i|we) (?:agree|accept|consent|confirm|allow))\b/
const refuses = /\b(?:no|not|don'?t|never|decline|refuse|unsubscribe|opt(?:ing)?[ -]?out)\b/
const grants = /\b(?:agree|accept|consent|allow|permission|would like|sign me up|opt(?:ing)?[ -]?in)\b/

/** A yes to something else than mail. */
const otherwise =
  /\b(?:(?:tele)?phone|calls?|texts?(?: messages?)?|sms|post) only\b|\bonly (?:by |via )?(?:(?:tele)?phone|calls?|texts?|sms|post)\b|\bno e-?mails?\b|\b(?:not|don't|never) (?:by |via )?e-?mails?\b/

const plain = (text: string) => oneLine(text, 500).toLowerCase().replaceAll('’', "'")

/** Yes, no, or null for nothing said. A box often sends its own label; words that are neither count as no. */
function answer(text: string, label: string | undefined): boolean | null {
  const said = plain(text)
  if (said === '') return null
  if (no.test(said)) return false
  if (label && said === plain(label)) return true
  if (otherwise.test(said)) return false
  if (yes.test(said)) return true
  return grants.test(said) && !refuses.test(said)
}

const isNo = (said: string) => no.test(said) || otherwise.test(said)

/** Whether the field says yes. A list is a group of boxes: one ticked is yes, unless what it says is no. */
export function consentOf(field: SubmittedField): boolean {
  if (typeof field.value === 'boolean') return field.value
  if (typeof field.value === 'string') return answer(field.value, field.label) ?? false
  const said = field.value.filter((item) => item.trim() !== '')
  return said.length > 0 && !said.some((item) => isNo(plain(item)))
}
