import { z } from 'zod'
import { Problem } from '../../core/problem.ts'
import type { InboundRequest } from '../../core/inbound-request.ts'
import type { FormAdapter } from '../adapter.ts'
import { isForm, mediaType, readForm, readJson, shaped } from '../body.ts'
import { flatFields, formFields, requireFields, submittedFields, valueFor } from '../fields.ts'
import type { RawField } from '../fields.ts'
import { idText, instant, oneLine } from '../text.ts'

const body = z.record(z.string(), z.unknown())

async function readAnswers(request: InboundRequest): Promise<RawField[]> {
  if (mediaType(request) === 'application/json') {
    return flatFields(shaped(body, readJson(request), 'a form script'))
  }
  if (!isForm(request)) {
    // text/plain above all: a browser sends it to any origin without asking first.
    throw new Problem('unsupported', 'Send the form as urlencoded, multipart/form-data or application/json.')
  }
  const { pairs, files } = await readForm(request)
  if (files.length > 0) {
    const faults = files
      .slice(0, 20)
      .map((name) => ({ field: oneLine(name, 200), message: 'Files are not accepted.' }))
    throw new Problem('unsupported', 'This form takes no files.', faults)
  }
  return formFields(pairs)
}

/**
 * A plain HTML form, with or without script (html.spec.whatwg.org, form submission). A browser can keep no secret,
 * so nothing is verified here: allowed origins, rate limits and the honeypot are the route's to check.
 */
export const htmlForm: FormAdapter = {
  verify() {},
  async read(request) {
    const raw = await readAnswers(request)
    return {
      externalId: idText(valueFor(raw, 'submission_id')),
      formId: idText(valueFor(raw, 'form_id')),
      submittedAt: instant(valueFor(raw, 'submitted_at')),
      isTest: false,
      fields: requireFields(submittedFields(raw), 'body'),
    }
  },
}
