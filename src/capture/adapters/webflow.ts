import { z } from 'zod'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { requireFields, submittedFields } from '../fields.ts'
import { verifyPathSecret } from '../shared-secret.ts'
import { hmacSha256, requireFresh, requireHeader, requireSignature, unixTime } from '../signature.ts'
import { idText, instant } from '../text.ts'

const data = z.record(z.string(), z.unknown())
const v2 = z.object({
  triggerType: z.literal('form_submission'),
  payload: z.object({
    id: z.string().optional(),
    formId: z.string().optional(),
    submittedAt: z.string().optional(),
    data,
    schema: z.array(z.looseObject({ fieldName: z.string(), fieldType: z.string().optional() })).nullish(),
  }),
})
const v1 = z.object({
  name: z.string(),
  site: z.string(),
  data,
  d: z.string().optional(),
  _id: z.string().optional(),
})

/**
 * Webflow (developers.webflow.com, webhooks): hex HMAC-SHA256 of `timestamp:body`, no older than 5 minutes. Hooks
 * made in the site settings carry no signature, so one without may bring the secret in its path instead.
 */
export const webflow: FormAdapter = {
  verify(request, secrets, now) {
    if (!request.headers['x-webflow-signature']) return verifyPathSecret(request, secrets)
    const timestamp = requireHeader(request, 'x-webflow-timestamp')
    const signedAt = unixTime(timestamp, 'milliseconds')
    const given = requireHeader(request, 'x-webflow-signature')
    requireSignature([given], secrets, (secret) =>
      hmacSha256(secret, `${timestamp}:`, request.body).toString('hex'),
    )
    requireFresh(signedAt, now)
  },
  async read(request) {
    const json = readJson(request)
    const old = v1.safeParse(json).data
    const submission = old
      ? { id: old._id, formId: undefined, submittedAt: old.d, data: old.data, schema: null }
      : shaped(v2, json, 'Webflow').payload
    const types = new Map(submission.schema?.map((one) => [one.fieldName, one.fieldType]))
    // The keys are the labels of the form: Webflow sends nothing more stable.
    const raw = Object.entries(submission.data).map(([key, value]) => ({ key, type: types.get(key), value }))
    return {
      externalId: idText(submission.id),
      formId: idText(submission.formId),
      submittedAt: instant(submission.submittedAt),
      isTest: false,
      fields: requireFields(submittedFields(raw), 'payload.data'),
    }
  },
}
