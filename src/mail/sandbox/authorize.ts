import { apiError, type ApiError } from './api-error.ts'

/** What of a request decides whether it may come in. */
export type Credentials = { authorization: string | undefined; userAgent: string | undefined }

/**
 * Checks what stands before every endpoint of Resend (resend.com/docs/api-reference/introduction).
 * In: the two headers, and the only key to take (null: any `re_…`). Out: the refusal, or null.
 */
export function authorize({ authorization, userAgent }: Credentials, apiKey: string | null): ApiError | null {
  // The page says 403 with code 1010; the body's form is UNCONFIRMED.
  if (!userAgent) return apiError(403, 'application_error', 'A User-Agent header is required (1010).')
  if (!authorization) return apiError(401, 'missing_api_key', 'Missing API key in the authorization header.')
  const key = authorization.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : ''
  const good = apiKey === null ? /^re_./.test(key) : key === apiKey
  // UNCONFIRMED: the SDK knows the name, the error page no longer does; 401 and 403 were both seen.
  return good ? null : apiError(403, 'invalid_api_key', 'API key is invalid.')
}
