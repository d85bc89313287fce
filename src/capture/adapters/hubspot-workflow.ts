import { z } from 'zod'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { flatFields, isRecord, requireFields, submittedFields, valueFor } from '../fields.ts'
import type { RawField } from '../fields.ts'
import { verifyHubspot } from '../hubspot-signature.ts'
import { idText, instant } from '../text.ts'

const custom = z.record(z.string(), z.unknown())
const contact = z.object({
  vid: z.number(),
  properties: z.record(z.string(), z.object({ value: z.unknown().optional() })),
  'form-submissions': z
    .array(
      z.looseObject({
        timestamp: z.number(),
        'form-id': z.string().optional(),
        'page-url': z.unknown().optional(),
      }),
    )
    .optional(),
  'identity-profiles': z
    .array(z.object({ identities: z.array(z.object({ type: z.string(), value: z.unknown().optional() })) }))
    .optional(),
})

/** A contact has hundreds of properties: what a lead can hold goes first, before the cap on fields. */
const first = ['email', 'firstname', 'lastname', 'phone', 'mobilephone', 'zip', 'message', 'consent']
const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length)

/** The legacy contact record: its properties, and of its form submissions the latest. */
function readContact(record: z.infer<typeof contact>) {
  const latest = record['form-submissions']?.toSorted((a, b) => b.timestamp - a.timestamp)[0]
  const identities = record['identity-profiles']?.flatMap((profile) => profile.identities)
  const properties = Object.entries(record.properties).toSorted(([a], [b]) => rank(a) - rank(b))
  const raw: RawField[] = [
    ...(record.properties.email
      ? []
      : [{ key: 'email', value: identities?.find((one) => one.type === 'EMAIL')?.value }]),
    { key: 'page_url', value: latest?.['page-url'] },
    ...properties.map(([key, { value }]) => ({ key, value })),
  ]
  return {
    externalId: latest ? idText(`${record.vid}:${latest.timestamp}`) : null,
    formId: idText(latest?.['form-id']),
    submittedAt: instant(latest?.timestamp),
    isTest: false,
    fields: requireFields(submittedFields(raw), 'properties'),
  }
}

/**
 * HubSpot workflow, "Send a webhook" (knowledge.hubspot.com): a contact record, or keys chosen by the admin. The
 * contact's id alone is no duplicate key, as a person can fill in forms twice: the time of the form joins it.
 */
export const hubspotWorkflow: FormAdapter = {
  verify: verifyHubspot,
  async read(request) {
    const json = readJson(request)
    if (isRecord(json) && isRecord(json.properties)) return readContact(shaped(contact, json, 'HubSpot'))
    const raw = flatFields(shaped(custom, json, 'HubSpot'))
    return {
      externalId: idText(valueFor(raw, 'submission_id')),
      formId: idText(valueFor(raw, 'form_id')),
      submittedAt: instant(valueFor(raw, 'submitted_at')),
      isTest: false,
      fields: requireFields(submittedFields(raw), 'body'),
    }
  },
}
