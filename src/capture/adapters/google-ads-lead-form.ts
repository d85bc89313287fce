import { z } from 'zod'
import type { InboundRequest } from '../../core/inbound-request.ts'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { requireFields, submittedFields } from '../fields.ts'
import { requireSignature } from '../signature.ts'
import { idText } from '../text.ts'

const id = z.union([z.string(), z.number()])
const column = z.looseObject({
  column_id: z.string().nullish(),
  column_name: z.string().nullish(),
  string_value: z.string().nullish(),
})
const body = z.object({
  lead_id: id,
  form_id: id.optional(),
  is_test: z.boolean().optional(),
  user_column_data: z.array(column),
})

/** The key lies in the body; a body that cannot be read has none. */
function keyIn(request: InboundRequest): string[] {
  try {
    return [z.object({ google_key: z.string() }).parse(readJson(request)).google_key]
  } catch {
    return []
  }
}

/**
 * Google Ads lead form (developers.google.com/google-ads/webhook): no signature, a key in the body instead. A test
 * lead says so. Own questions may come without a column id.
 */
export const googleAdsLeadForm: FormAdapter = {
  verify(request, secrets) {
    requireSignature(keyIn(request), secrets, (secret) => secret)
  },
  async read(request) {
    const lead = shaped(body, readJson(request), 'a Google Ads lead form')
    const raw = lead.user_column_data.map((one) => ({
      key: one.column_id || one.column_name || '',
      label: one.column_name,
      value: one.string_value,
    }))
    return {
      externalId: idText(lead.lead_id),
      formId: idText(lead.form_id),
      submittedAt: null,
      isTest: lead.is_test ?? false,
      fields: requireFields(submittedFields(raw), 'user_column_data'),
    }
  },
}
