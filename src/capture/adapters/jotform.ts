import { z } from 'zod'
import { Problem } from '../../core/problem.ts'
import type { FormAdapter } from '../adapter.ts'
import { readForm, shaped } from '../body.ts'
import { isRecord, requireFields, submittedFields } from '../fields.ts'
import type { RawField } from '../fields.ts'
import { verifyPathSecret } from '../shared-secret.ts'
import { idText } from '../text.ts'

const body = z.object({
  formID: z.string().optional(),
  submissionID: z.string().min(1),
  rawRequest: z.string(),
})

function parsed(rawRequest: string): unknown {
  try {
    return JSON.parse(rawRequest)
  } catch {
    throw new Problem('malformed', 'rawRequest is not JSON.', [
      { field: 'rawRequest', message: 'is not JSON' },
    ])
  }
}

/** An answer in parts: a phone number is put together again, the parts of a name stay apart. */
function fieldsOf([key, value]: [string, unknown]): RawField[] {
  if (!isRecord(value)) return [{ key, value }]
  if (typeof value.full === 'string') return [{ key, value: value.full }]
  if (typeof value.area === 'string' && typeof value.phone === 'string') {
    return [{ key, value: `${value.area} ${value.phone}` }]
  }
  return Object.entries(value).map(([part, one]) => ({ key: `${key}.${part}`, value: one }))
}

/**
 * Jotform (jotform.com/help, webhooks): multipart, the answers as JSON in `rawRequest` under `q<number>_<name>`; the
 * rest of it is about the page. Nothing is signed, so the secret is the last segment of the URL.
 */
export const jotform: FormAdapter = {
  verify: verifyPathSecret,
  async read(request) {
    const form = shaped(body, Object.fromEntries((await readForm(request)).pairs), 'Jotform')
    const answers = shaped(z.record(z.string(), z.unknown()), parsed(form.rawRequest), 'Jotform')
    const raw = Object.entries(answers).filter(([key]) => /^q\d+_/.test(key))
    return {
      externalId: idText(form.submissionID),
      formId: idText(form.formID),
      submittedAt: null,
      isTest: false,
      fields: requireFields(submittedFields(raw.flatMap(fieldsOf)), 'rawRequest'),
    }
  },
}
