import { apiError, dailyQuotaExceeded, monthlyQuotaExceeded, rateLimited, usualName } from './api-error.ts'
import type { ApiError } from './api-error.ts'
import type { RequestFault } from './fault.ts'

/** An answer that isn't sent yet. */
export type Reply = { status: number; headers: Record<string, string>; body: string; error: string | null }

const json = { 'content-type': 'application/json; charset=utf-8' }

/** An answer of Resend: JSON text as it stands. */
export function jsonReply(body: string, headers: Record<string, string> = {}): Reply {
  return { status: 200, headers: { ...json, ...headers }, body, error: null }
}

export function errorReply(error: ApiError, headers: Record<string, string> = {}): Reply {
  const body = JSON.stringify(error)
  return { status: error.statusCode, headers: { ...json, ...headers }, body, error: error.name }
}

const proxyPage = (status: number) =>
  `<html>\n<head><title>${status} Bad Gateway</title></head>\n<body><h1>${status} Bad Gateway</h1></body>\n</html>\n`

/** The answer of a fault that answers at once. In: the fault. Out: its answer, or null for the other kinds. */
export function faultReply(fault: RequestFault): Reply | null {
  const retryAfter = (seconds: number | undefined): Record<string, string> =>
    seconds === undefined ? {} : { 'retry-after': String(seconds) }
  switch (fault.kind) {
    case 'rate-limit':
      return errorReply(rateLimited(), retryAfter(fault.retryAfter))
    case 'daily-quota':
      return errorReply(dailyQuotaExceeded(), retryAfter(fault.retryAfter))
    case 'monthly-quota':
      return errorReply(monthlyQuotaExceeded(), retryAfter(fault.retryAfter))
    case 'error': {
      const name = fault.name ?? usualName(fault.status)
      const message = fault.message ?? 'The sandbox was asked for this error.'
      return errorReply(apiError(fault.status, name, message), retryAfter(fault.retryAfter))
    }
    case 'html':
      return {
        status: fault.status,
        headers: { 'content-type': 'text/html' },
        body: proxyPage(fault.status),
        error: null,
      }
    case 'null-body':
      return { status: fault.status, headers: json, body: 'null', error: null }
    default:
      return null
  }
}
