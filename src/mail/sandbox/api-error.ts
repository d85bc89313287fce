/** Resend's error body, and the status it travels with (resend.com/docs/api-reference/errors). */
export type ApiError = { statusCode: number; name: string; message: string }

/** Builds one error answer. In: HTTP status, Resend's name for it, a sentence. Out: the body. */
export function apiError(statusCode: number, name: string, message: string): ApiError {
  return { statusCode, name, message }
}

export const missingField = (field: string) =>
  apiError(422, 'missing_required_field', `Missing \`${field}\` field.`)

/** UNCONFIRMED: Resend's error page gives 400, older answers gave 422. We follow the page. */
export const wrongField = (message: string) => apiError(400, 'validation_error', message)

export const rateLimited = () =>
  apiError(429, 'rate_limit_exceeded', 'Too many requests. Slow down, and try again after `retry-after`.')

export const dailyQuotaExceeded = () =>
  apiError(429, 'daily_quota_exceeded', 'You have reached your daily email sending quota.')

export const monthlyQuotaExceeded = () =>
  apiError(429, 'monthly_quota_exceeded', 'You have reached your monthly email sending quota.')

/** The name that goes with a status when a planned fault gives none. */
const usualNames: Readonly<Record<number, string>> = {
  400: 'validation_error',
  401: 'missing_api_key',
  403: 'invalid_permission',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'resource_locked',
  422: 'invalid_parameter',
  429: 'rate_limit_exceeded',
  500: 'internal_server_error',
  503: 'service_unavailable',
}

export const usualName = (statusCode: number): string => usualNames[statusCode] ?? 'application_error'
