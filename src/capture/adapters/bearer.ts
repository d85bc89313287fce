import type { FormAdapter } from '../adapter.ts'
import { requireFields, submittedFields, valueFor } from '../fields.ts'
import { readFlat } from '../flat-body.ts'
import { verifySharedSecret } from '../shared-secret.ts'
import { idText, instant } from '../text.ts'

/** Zapier, Make, and whatever else can set an Authorization header; give `submission_id` to make retries safe. */
export const bearer: FormAdapter = {
  verify: verifySharedSecret,
  async read(request) {
    const raw = await readFlat(request, 'a bearer source')
    return {
      externalId: idText(valueFor(raw, 'submission_id')),
      formId: idText(valueFor(raw, 'form_id')),
      submittedAt: instant(valueFor(raw, 'submitted_at')),
      isTest: false,
      fields: requireFields(submittedFields(raw), 'body'),
    }
  },
}
