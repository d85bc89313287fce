import type { FormAdapter } from '../adapter.ts'
import { requireFields, submittedFields, valueFor } from '../fields.ts'
import { readFlat } from '../flat-body.ts'
import { verifySharedSecret } from '../shared-secret.ts'
import { idText, instant } from '../text.ts'

/** Parts of a raw entry that describe the visitor's device: personal, and of no use to us. */
const ignored = new Set(['ip', 'user_agent'])

/**
 * Gravity Forms Webhooks add-on (docs.gravityforms.com/webhooks-add-on): unsigned, so a request header carries the
 * secret. Keys are field ids ("2", "1.3") unless the feed selects fields and names them. It tries once.
 */
export const gravityForms: FormAdapter = {
  verify: verifySharedSecret,
  async read(request) {
    const raw = await readFlat(request, 'Gravity Forms')
    const created = valueFor(raw, 'date_created')
    return {
      externalId: idText(valueFor(raw, 'id', 'entry_id')),
      formId: idText(valueFor(raw, 'form_id')),
      // Entry dates are UTC, without saying so.
      submittedAt: instant(typeof created === 'string' ? `${created}Z` : null),
      isTest: false,
      fields: requireFields(submittedFields(raw.filter((field) => !ignored.has(field.key))), 'body'),
    }
  },
}
