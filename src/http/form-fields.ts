import type { Context as HonoContext } from 'hono'
import { Problem } from '../core/problem.ts'

/** The fields of a form's body; none where it says that it is no form. Throws Problem `malformed`. */
export async function formFields(c: HonoContext): Promise<Record<string, unknown>> {
  try {
    return await c.req.parseBody()
  } catch (error) {
    // What the platform's own reader of forms throws for one without parts, or without an end.
    if (error instanceof TypeError) throw new Problem('malformed', 'The body is not the form it says it is.')
    throw error
  }
}
