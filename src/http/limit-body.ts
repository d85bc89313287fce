import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Problem } from '../core/problem.ts'
import { problemResponse } from './problem-response.ts'

/** Refuses bodies of more than `maxSize` bytes with Problem `too-large`. */
export function limitBody(maxSize: number): MiddlewareHandler {
  const tooLarge = new Problem('too-large', `Send at most ${maxSize} bytes.`)
  const whileReading = bodyLimit({ maxSize, onError: (c) => problemResponse(c, tooLarge) as Response })
  return (c, next) => {
    const length = c.req.header('content-length')
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return whileReading(c, next)
    // The server holds a sender to the length it gave. Hono's own check opens the body as a stream first, which
    // costs more than reading it.
    return Number(length) > maxSize ? Promise.resolve(problemResponse(c, tooLarge)) : next()
  }
}
