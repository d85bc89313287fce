import { z } from 'zod'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { flatFields, isRecord, requireFields, submittedFields, valueFor } from '../fields.ts'
import { verifyPathSecret } from '../shared-secret.ts'
import { idText, instant } from '../text.ts'

/**
 * Wix Automations, "Send via webhook" (support.wix.com): JSON of the owner's own structure, or of all keys, whose
 * names Wix does not document; either may lie in `data`, and a form's answers in `submissions`. Nothing is signed
 * and no header can be set, so the secret is the last segment of the URL.
 */
export const wixAutomation: FormAdapter = {
  verify: verifyPathSecret,
  async read(request) {
    const json = shaped(z.record(z.string(), z.unknown()), readJson(request), 'a Wix automation')
    const outer = isRecord(json.data) ? json.data : json
    const { submissions, ...rest } = outer
    const raw = [...(isRecord(submissions) ? flatFields(submissions) : []), ...flatFields(rest)]
    return {
      externalId: idText(valueFor(raw, 'submission_id', 'submissionId')),
      formId: idText(valueFor(raw, 'form_id', 'formId')),
      submittedAt: instant(valueFor(raw, 'submitted_at', 'submissionTime')),
      isTest: false,
      fields: requireFields(submittedFields(raw), 'body'),
    }
  },
}
