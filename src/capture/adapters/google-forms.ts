import type { FormAdapter } from '../adapter.ts'
import { valueFor } from '../fields.ts'
import { idText } from '../text.ts'
import { standardWebhooks } from './standard-webhooks.ts'

/**
 * Google Forms through our Apps Script (developers.google.com/apps-script), which signs as Standard Webhooks.
 * The form's own response id is the better duplicate key: a script that runs twice makes two message ids.
 */
export const googleForms: FormAdapter = {
  verify: standardWebhooks.verify,
  async read(request) {
    const submission = await standardWebhooks.read(request)
    const responseId = idText(valueFor(submission.fields, 'submission_id'))
    return { ...submission, externalId: responseId ?? submission.externalId }
  },
}
