import { z } from 'zod'
import type { NoticeFormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { requireFields, submittedFields } from '../fields.ts'
import { hmacSha256, requireHeader, requireSignature } from '../signature.ts'
import { idText, instant } from '../text.ts'

/** Part of an address that is asked later: digits alone. */
const leadId = z
  .union([z.string(), z.int().positive()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,30}$/))
const change = z.object({ field: z.string(), value: z.unknown() })
const notice = z.object({ entry: z.array(z.object({ changes: z.array(change).nullish() })) })
const told = z.object({ leadgen_id: leadId })

const id = z.union([z.string(), z.number()])
const answer = z.object({
  id,
  created_time: z.unknown(),
  form_id: id.nullish(),
  field_data: z.array(z.object({ name: z.string(), values: z.array(z.unknown()) })),
})

/** How the answers of Meta's own testing tool begin. */
const isDummy = (value: unknown) => typeof value === 'string' && value.startsWith('<test lead:')

/**
 * Meta Lead Ads (developers.facebook.com, lead ads and webhooks): hex HMAC-SHA256 of the body under the app's secret.
 * The webhook names leads by id and says nothing of them; `read` takes what the Graph answers about one.
 */
export const metaLeadAds: NoticeFormAdapter = {
  verify(request, secrets) {
    const given = requireHeader(request, 'x-hub-signature-256')
    requireSignature(
      [given],
      secrets,
      (secret) => `sha256=${hmacSha256(secret, request.body).toString('hex')}`,
    )
  },
  notices(request) {
    const { entry } = shaped(notice, readJson(request), 'Meta')
    const changes = entry.flatMap(({ changes: some }) => some ?? [])
    const ids = changes
      .filter(({ field }) => field === 'leadgen')
      .map(({ value }) => shaped(told, value, 'Meta Lead Ads').leadgen_id)
    return [...new Set(ids)]
  },
  async read(request) {
    const lead = shaped(answer, readJson(request), 'the Graph')
    const raw = lead.field_data.map(({ name, values }) => ({
      key: name,
      value: values.length === 1 ? values[0] : values,
    }))
    return {
      externalId: idText(lead.id),
      formId: idText(lead.form_id),
      submittedAt: instant(lead.created_time),
      isTest: raw.some(({ value }) => isDummy(value)),
      fields: requireFields(submittedFields(raw), 'field_data'),
    }
  },
}
