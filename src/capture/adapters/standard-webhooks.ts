import { z } from 'zod'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { flatFields, isRecord, requireFields, submittedFields } from '../fields.ts'
import { verifyStandardWebhook } from '../standard-webhook.ts'
import { idText, instant } from '../text.ts'

const body = z.record(z.string(), z.unknown())

/**
 * Anything that can sign by Standard Webhooks (standardwebhooks.com). The fields lie in `data`, as the standard
 * advises, or at the top; `webhook-id` stays the same on every retry.
 */
export const standardWebhooks: FormAdapter = {
  verify(request, secrets, now) {
    verifyStandardWebhook(request, secrets, now)
  },
  async read(request) {
    const {
      type: _type,
      timestamp,
      data,
      ...rest
    } = shaped(body, readJson(request), 'a Standard Webhooks sender')
    const answers = isRecord(data) ? data : rest
    return {
      externalId: idText(request.headers['webhook-id']),
      formId: idText(answers.form_id ?? answers.form),
      submittedAt: instant(answers.submitted_at) ?? instant(timestamp),
      isTest: false,
      fields: requireFields(submittedFields(flatFields(answers)), 'data'),
    }
  },
}
