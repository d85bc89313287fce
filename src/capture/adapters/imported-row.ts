import { Problem } from '../../core/problem.ts'
import type { FormAdapter } from '../adapter.ts'
import { requireFields, submittedFields } from '../fields.ts'
import { readFlat } from '../flat-body.ts'

/** A line of a list, as a JSON object of its columns. It comes from a file; no request is ever taken for one. */
export const importedRow: FormAdapter = {
  verify() {
    throw new Problem('unauthorized', 'Leads of this source come from a file, and nothing can be sent to it.')
  },
  async read(request) {
    const fields = submittedFields(await readFlat(request, 'an imported list'))
    return {
      externalId: null,
      formId: null,
      submittedAt: null,
      isTest: false,
      fields: requireFields(fields, 'body'),
    }
  },
}
