import { z } from 'zod'
import { Problem } from '../../core/problem.ts'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { requireFields, submittedFields } from '../fields.ts'
import type { RawField } from '../fields.ts'
import { hmacSha256, requireHeader, requireSignature } from '../signature.ts'
import { idText, instant } from '../text.ts'

const field = z.looseObject({ id: z.string().optional(), ref: z.string().optional() })
const answer = z.looseObject({ type: z.string(), field })
const body = z.object({
  event_id: z.string().optional(),
  event_type: z.string(),
  form_response: z.object({
    form_id: z.string().optional(),
    token: z.string().optional(),
    submitted_at: z.string().optional(),
    hidden: z.record(z.string(), z.unknown()).nullish(),
    definition: z
      .object({ fields: z.array(z.looseObject({ id: z.string().optional(), title: z.string().optional() })) })
      .optional(),
    answers: z.array(answer).nullish(),
  }),
})

const choice = z.object({ label: z.unknown(), other: z.unknown() }).partial()
const choices = z.object({ labels: z.array(z.unknown()), other: z.unknown() }).partial()

/** The value sits under a key that the answer's type names. */
function valueOf(given: z.infer<typeof answer>): unknown {
  const value = given[given.type]
  if (given.type === 'choice') {
    const chosen = choice.safeParse(value).data
    return chosen?.label ?? chosen?.other
  }
  if (given.type === 'choices') {
    const chosen = choices.safeParse(value).data
    return [...(chosen?.labels ?? []), chosen?.other]
  }
  return value
}

/**
 * Typeform (typeform.com/developers/webhooks): base64 HMAC-SHA256 of the body; no time in it, so a replay is caught
 * by the response token. Fields go by `ref`, which stays when a question moves or is reworded.
 */
export const typeform: FormAdapter = {
  verify(request, secrets) {
    const given = requireHeader(request, 'typeform-signature')
    requireSignature(
      [given],
      secrets,
      (secret) => `sha256=${hmacSha256(secret, request.body).toString('base64')}`,
    )
  },
  async read(request) {
    const event = shaped(body, readJson(request), 'Typeform')
    if (event.event_type !== 'form_response') {
      const fault = { field: 'event_type', message: 'Only form_response: switch partial responses off.' }
      throw new Problem('unmappable', 'This is not a finished Typeform response.', [fault])
    }
    const response = event.form_response
    const titles = new Map(response.definition?.fields.map((one) => [one.id, one.title]))
    const raw: RawField[] = [
      ...(response.answers ?? []).map((one) => ({
        key: one.field.ref ?? one.field.id ?? '',
        label: titles.get(one.field.id),
        type: one.field.type ?? one.type,
        value: valueOf(one),
      })),
      ...Object.entries(response.hidden ?? {}).map(([key, value]) => ({ key, type: 'hidden', value })),
    ]
    return {
      externalId: idText(response.token) ?? idText(event.event_id),
      formId: idText(response.form_id),
      submittedAt: instant(response.submitted_at),
      isTest: false,
      fields: requireFields(submittedFields(raw), 'form_response.answers'),
    }
  },
}
