import { z } from 'zod'
import type { InboundRequest } from '../core/inbound-request.ts'
import { isForm, readForm, readJson, shaped } from './body.ts'
import { flatFields, formFields } from './fields.ts'
import type { RawField } from './fields.ts'

const object = z.record(z.string(), z.unknown())

/** Fields out of a form, or of a JSON object that is flat or has objects one level down. */
export async function readFlat(request: InboundRequest, name: string): Promise<RawField[]> {
  if (isForm(request)) return formFields((await readForm(request)).pairs)
  return flatFields(shaped(object, readJson(request), name))
}
