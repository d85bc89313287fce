import type { z } from 'zod'
import type { InboundRequest } from '../core/inbound-request.ts'
import { Problem } from '../core/problem.ts'
import { oneLine } from './text.ts'

/** Name and value of each form part in the order sent; files only by the name of their field. */
export type FormBody = { pairs: readonly (readonly [string, string])[]; files: readonly string[] }

/** The media type in lower case, without its parameters. */
export function mediaType(request: InboundRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** Whether the body says that it is a form, of either kind. */
export function isForm(request: InboundRequest): boolean {
  return ['application/x-www-form-urlencoded', 'multipart/form-data'].includes(mediaType(request))
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function readText(request: InboundRequest): string {
  try {
    return utf8.decode(request.body)
  } catch {
    throw new Problem('malformed', 'The body is not UTF-8 text.')
  }
}

/** The body as JSON, whatever its content type says: senders get that header wrong more often than the body. */
export function readJson(request: InboundRequest): unknown {
  const text = readText(request)
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('malformed', 'The body is not JSON.')
  }
}

/** The body as an HTML form, urlencoded or multipart. */
export async function readForm(request: InboundRequest): Promise<FormBody> {
  if (mediaType(request) === 'application/x-www-form-urlencoded') {
    return { pairs: [...new URLSearchParams(`&${readText(request)}`)], files: [] }
  }
  if (mediaType(request) !== 'multipart/form-data') {
    throw new Problem('unsupported', 'The content type must be that of an HTML form.')
  }
  return readMultipart(request)
}

async function readMultipart(request: InboundRequest): Promise<FormBody> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  try {
    const parts = [...(await new Response(new Uint8Array(request.body), { headers }).formData())]
    return {
      pairs: parts.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
      // A file input left empty still sends a part, without name or bytes.
      files: parts.flatMap(([name, value]) => (typeof value !== 'string' && value.size > 0 ? [name] : [])),
    }
  } catch {
    throw new Problem('malformed', 'The body is not multipart form data.')
  }
}

/** Checks the shape of a body; what differs comes out as Problem `unmappable` with the path of each fault. */
export function shaped<T>(schema: z.ZodType<T>, body: unknown, name: string): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const faults = result.error.issues.slice(0, 20).map((issue) => ({
    field: oneLine(issue.path.map(String).join('.'), 200) || 'body',
    message: issue.message,
  }))
  throw new Problem('unmappable', `The body is not what ${name} sends.`, faults)
}
