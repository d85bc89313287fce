import { Problem } from '../../core/problem.ts'
import type { FormAdapter } from '../adapter.ts'
import { readForm } from '../body.ts'
import { formFields, requireFields, submittedFields, valueFor } from '../fields.ts'
import type { RawField } from '../fields.ts'
import { verifyPathSecret } from '../shared-secret.ts'
import { idText } from '../text.ts'

type Pairs = readonly (readonly [string, string])[]

const part = /^(form|fields|meta)\[([^\]]*)\](?:\[([^\]]*)\](?:\[[^\]]*\])?)?$/

/** Meta of the simple shape that describes the visitor's device or the plug-in. */
const ignored = new Set(['User Agent', 'Remote IP', 'Powered by'])

/** "Advanced data": one group of parts for each field, `raw_value` repeated where several were chosen. */
function advanced(pairs: Pairs): { formId: unknown; raw: RawField[] } {
  const fields = new Map<string, { title?: string; type?: string; value?: string; several: string[] }>()
  let formId: string | undefined
  let pageUrl: string | undefined
  for (const [name, value] of pairs) {
    const [, group, id = '', property] = part.exec(name) ?? []
    if (group === 'form' && id === 'id') formId = value
    if (group === 'meta' && id === 'page_url' && property === 'value') pageUrl = value
    if (group !== 'fields') continue
    const field = fields.get(id) ?? { several: [] }
    fields.set(id, field)
    if (property === 'title' || property === 'type' || property === 'value') field[property] = value
    if (property === 'raw_value') field.several.push(value)
  }
  const raw = [...fields].map(([key, field]) => ({
    key,
    label: field.title,
    type: field.type,
    value: field.several.length > 1 ? field.several : (field.value ?? field.several[0]),
  }))
  return {
    formId,
    raw: pageUrl === undefined ? raw : [...raw, { key: 'page_url', type: 'hidden', value: pageUrl }],
  }
}

/** The simple shape: labels as keys. */
function simple(pairs: Pairs): { formId: unknown; raw: RawField[] } {
  const raw = formFields(pairs)
  if (!raw.some((field) => field.key === 'form_id' || field.key === 'form_name')) {
    const faults = [{ field: 'form_id', message: 'is missing' }]
    throw new Problem('unmappable', 'The body is not what Elementor sends.', faults)
  }
  return { formId: valueFor(raw, 'form_id'), raw: raw.filter((field) => !ignored.has(field.key)) }
}

/**
 * Elementor Pro forms (webhook action, plug-in source): urlencoded, one try, only 200 counts; neither signature nor
 * header of one's own, so the secret is the last segment of the URL. It gives no id of the submission.
 */
export const elementor: FormAdapter = {
  verify: verifyPathSecret,
  async read(request) {
    const { pairs } = await readForm(request)
    const isAdvanced = pairs.some(([name]) => name.startsWith('fields['))
    const { formId, raw } = isAdvanced ? advanced(pairs) : simple(pairs)
    return {
      externalId: null,
      formId: idText(formId),
      submittedAt: null,
      isTest: false,
      fields: requireFields(submittedFields(raw), 'fields'),
    }
  },
}
