import type { FormAdapter } from '../adapter.ts'
import { requireFields, submittedFields } from '../fields.ts'
import { readFlat } from '../flat-body.ts'
import { verifySharedSecret } from '../shared-secret.ts'

/**
 * Contact Form 7 through "CF7 to Webhook" (github.com/mariovalney/cf7-to-zapier): keys are the mail tags, tick
 * boxes are lists; sent while the visitor waits, once, unsigned, so a request header carries the secret.
 */
export const contactForm7: FormAdapter = {
  verify: verifySharedSecret,
  async read(request) {
    const raw = await readFlat(request, 'CF7 to Webhook')
    return {
      externalId: null,
      formId: null,
      submittedAt: null,
      isTest: false,
      fields: requireFields(submittedFields(raw), 'body'),
    }
  },
}
