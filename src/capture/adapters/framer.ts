import { z } from 'zod'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { flatFields, requireFields, submittedFields } from '../fields.ts'
import { hmacSha256, requireHeader, requireSignature } from '../signature.ts'
import { idText } from '../text.ts'

/**
 * Framer forms (framer.com/developers): hex HMAC-SHA256 of the body followed by the submission id, which is also
 * the duplicate key over its retries. Keys are the names of the inputs.
 */
export const framer: FormAdapter = {
  verify(request, secrets) {
    const id = requireHeader(request, 'framer-webhook-submission-id')
    const given = requireHeader(request, 'framer-signature')
    requireSignature(
      [given],
      secrets,
      (secret) => `sha256=${hmacSha256(secret, request.body, id).toString('hex')}`,
    )
  },
  async read(request) {
    const answers = shaped(z.record(z.string(), z.unknown()), readJson(request), 'Framer')
    return {
      externalId: idText(request.headers['framer-webhook-submission-id']),
      formId: null,
      submittedAt: null,
      isTest: false,
      fields: requireFields(submittedFields(flatFields(answers)), 'body'),
    }
  },
}
