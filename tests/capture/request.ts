import type { InboundRequest } from '../../src/core/inbound-request.ts'
import { Problem } from '../../src/core/problem.ts'
import type { ProblemCode } from '../../src/core/problem.ts'

/** A request as the server hands it on. */
export function post(
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  url = 'https://nurture.example/hooks/leads/site',
): InboundRequest {
  return {
    method: 'POST',
    url,
    headers,
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  }
}

export const json = { 'content-type': 'application/json' }
export const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

/** What the call is refused with; 'passed' when it is not, and anything but a Problem is thrown on. */
export async function refusal(call: () => unknown): Promise<ProblemCode | 'passed'> {
  try {
    await call()
    return 'passed'
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}

/** The Problem itself, for its detail and fields. */
export async function problemOf(call: () => unknown): Promise<Problem> {
  try {
    await call()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was refused')
}
