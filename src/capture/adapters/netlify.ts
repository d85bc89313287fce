import { z } from 'zod'
import { Problem } from '../../core/problem.ts'
import type { FormAdapter } from '../adapter.ts'
import { readJson, shaped } from '../body.ts'
import { isRecord, requireFields, submittedFields } from '../fields.ts'
import { equalText, hmacSha256, requireHeader, requireSignature, sha256 } from '../signature.ts'
import { idText, instant } from '../text.ts'

const header = z.object({ alg: z.literal('HS256') })
const claims = z.object({ iss: z.literal('netlify'), sha256: z.string(), exp: z.number().optional() })
const body = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  email: z.unknown().optional(),
  name: z.unknown().optional(),
  first_name: z.unknown().optional(),
  last_name: z.unknown().optional(),
  form_id: z.string().optional(),
  created_at: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
  ordered_human_fields: z.array(z.looseObject({ title: z.string().nullish(), name: z.string() })).nullish(),
})

/** Inputs that Netlify adds about the visitor's device. */
const ignored = new Set(['ip', 'user_agent'])

function decoded<T>(schema: z.ZodType<T>, part: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString()))
  } catch {
    throw new Problem('unauthorized', 'The X-Webhook-Signature token is not one of Netlify for this body.')
  }
}

/**
 * Netlify Forms (docs.netlify.com, deploy notifications): a JWT signed with HS256. The token says whom it is from and
 * which body it is for, so algorithm, issuer and the body's hash are all checked. A function's body is wrapped.
 */
export const netlify: FormAdapter = {
  verify(request, secrets, now) {
    const [head = '', payload = '', signature = '', ...rest] = requireHeader(
      request,
      'x-webhook-signature',
    ).split('.')
    requireSignature(rest.length === 0 ? [signature] : [], secrets, (secret) =>
      hmacSha256(secret, `${head}.${payload}`).toString('base64url'),
    )
    decoded(header, head)
    const token = decoded(claims, payload)
    if (!equalText(token.sha256.toLowerCase(), sha256(request.body).toString('hex'))) {
      throw new Problem('unauthorized', 'The signed hash is not that of the body.')
    }
    if (token.exp !== undefined && token.exp * 1000 < now.getTime()) {
      throw new Problem('stale', 'The X-Webhook-Signature token has expired.')
    }
  },
  async read(request) {
    const json = readJson(request)
    const submission = shaped(body, isRecord(json) && isRecord(json.payload) ? json.payload : json, 'Netlify')
    const { email, name, first_name, last_name, data } = submission
    const titles = new Map(submission.ordered_human_fields?.map((field) => [field.name, field.title]))
    // What Netlify itself found in the answers comes last: the inputs under their own names are surer.
    const answers = { ...data, ...without({ email, name, first_name, last_name }, data) }
    const raw = Object.entries(answers)
      .filter(([key]) => !ignored.has(key))
      .map(([key, value]) => ({ key, label: titles.get(key), value }))
    return {
      externalId: idText(submission.id),
      formId: idText(submission.form_id),
      submittedAt: instant(submission.created_at),
      isTest: false,
      fields: requireFields(submittedFields(raw), 'data'),
    }
  },
}

function without(found: Record<string, unknown>, data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(found).filter(([key]) => !Object.hasOwn(data, key)))
}
