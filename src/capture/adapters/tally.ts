import { z } from 'zod'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { requireFields, submittedFields } from '../fields.ts'
import { hmacSha256, requireHeader, requireSignature } from '../signature.ts'
import { idText, instant } from '../text.ts'

const field = z.object({
  key: z.string(),
  label: z.string().nullish(),
  type: z.string().optional(),
  value: z.unknown().optional(),
  options: z.array(z.looseObject({ id: z.string(), text: z.string().optional() })).nullish(),
})
const body = z.object({
  eventId: z.string().optional(),
  eventType: z.literal('FORM_RESPONSE'),
  createdAt: z.string().optional(),
  data: z.object({
    submissionId: z.string().optional(),
    formId: z.string().optional(),
    createdAt: z.string().optional(),
    fields: z.array(field),
  }),
})

/** Choices come as ids of options: people see, and mappings use, their text. */
function valueOf({ value, options }: z.infer<typeof field>): unknown {
  const texts = new Map(options?.map((option) => [option.id, option.text ?? option.id]))
  return Array.isArray(value) ? value.map((one) => texts.get(one) ?? one) : value
}

/** Hidden fields and calculated ones keep their name in the label; the key of a question is opaque but stable. */
export const tally: FormAdapter = {
  /** Tally (tally.so/help/webhooks): base64 HMAC-SHA256 of the body as sent. */
  verify(request, secrets) {
    const given = requireHeader(request, 'tally-signature')
    requireSignature([given], secrets, (secret) => hmacSha256(secret, request.body).toString('base64'))
  },
  async read(request) {
    const { eventId, createdAt, data } = shaped(body, readJson(request), 'Tally')
    const raw = data.fields.map((one) => ({
      key: one.key,
      label: one.label,
      type: one.type === 'HIDDEN_FIELDS' ? 'hidden' : one.type,
      value: valueOf(one),
    }))
    return {
      externalId: idText(data.submissionId) ?? idText(eventId),
      formId: idText(data.formId),
      submittedAt: instant(data.createdAt) ?? instant(createdAt),
      isTest: false,
      fields: requireFields(submittedFields(raw), 'data.fields'),
    }
  },
}
