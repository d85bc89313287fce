import type { FormAdapter } from '../adapter.ts'
import { requireFields, submittedFields } from '../fields.ts'
import type { RawField } from '../fields.ts'
import { readFlat } from '../flat-body.ts'
import {
  headerPairs,
  hmacSha256,
  requireFresh,
  requireHeader,
  requireSignature,
  unixTime,
} from '../signature.ts'

/** Several values come joined by `||`; a date as its text and its Unix time, of which the text is enough. */
function plain(field: RawField): RawField[] {
  if (/(?:\.unix|\[unix\])$/.test(field.key)) return []
  const key = field.key.replace(/(?:\.value|\[value\])$/, '')
  const several = typeof field.value === 'string' && field.value.includes('||')
  return [{ ...field, key, value: several ? String(field.value).split('||') : field.value }]
}

/**
 * WPForms Webhooks add-on (plug-in source): `t=…,v=…`, hex HMAC-SHA256 of `t.body`, signed as it is sent; one try.
 * Its id header names the webhook and not the submission, so there is no duplicate key.
 */
export const wpforms: FormAdapter = {
  verify(request, secrets, now) {
    const pairs = headerPairs(requireHeader(request, 'x-wpforms-webhook-signature'))
    const timestamp = pairs.get('t')?.[0] ?? ''
    const signedAt = unixTime(timestamp, 'seconds')
    requireSignature(pairs.get('v') ?? [], secrets, (secret) =>
      hmacSha256(secret, `${timestamp}.`, request.body).toString('hex'),
    )
    requireFresh(signedAt, now)
  },
  async read(request) {
    const raw = await readFlat(request, 'WPForms')
    return {
      externalId: null,
      formId: null,
      submittedAt: null,
      isTest: false,
      fields: requireFields(submittedFields(raw.flatMap(plain)), 'body'),
    }
  },
}
