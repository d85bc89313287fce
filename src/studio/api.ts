import { hc } from 'hono/client'
import type { StudioApi } from '../http/studio/api.ts'

/** What the server refused: RFC 9457, with the fields that are wrong. */
export class ApiError extends Error {
  readonly status: number
  /** Last part of the problem's type, such as `conflict`. */
  readonly code: string
  readonly fields: readonly { field: string; message: string }[]

  constructor(problem: {
    status: number
    code: string
    detail: string
    fields: readonly { field: string; message: string }[]
  }) {
    super(problem.detail)
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code
    this.fields = problem.fields
  }
}

type ProblemJson = {
  type?: string
  detail?: string
  errors?: { field: string; message: string }[]
}

/** Every call of the server, typed from its routes: `api.me.$get()`. Give its promise to `read`. */
export const api = hc<StudioApi>('/studio/api', { headers: { 'content-type': 'application/json' } })

type Answered<T> = { ok: boolean; status: number; json(): Promise<T> }

/** What the server answered, or throws ApiError. A session that is over leads to the page where one signs in. */
export async function read<T>(asked: Promise<Answered<T>>): Promise<T> {
  const answer = await asked.catch(() => {
    throw new ApiError({
      status: 0,
      code: 'offline',
      detail: 'The server cannot be reached. Is this device online?',
      fields: [],
    })
  })
  if (answer.ok) return answer.json()
  if (answer.status === 401) window.location.assign('/studio/sign-in')
  const problem = (await answer.json().catch(() => ({}))) as ProblemJson
  throw new ApiError({
    status: answer.status,
    code: problem.type?.split(':').at(-1) ?? 'unknown',
    detail: problem.detail ?? 'Something went wrong. Try again in a moment.',
    fields: problem.errors ?? [],
  })
}
