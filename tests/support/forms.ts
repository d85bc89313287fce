import { randomUUID } from 'node:crypto'
import type { TestService } from './service.ts'

/** Sends the plain HTML form of a source as a script would, and returns the answer. */
export async function submitForm(
  service: Pick<TestService, 'baseUrl'>,
  fields: Record<string, string>,
  slug = 'website',
): Promise<Response> {
  return fetch(`${service.baseUrl}/hooks/leads/${slug}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ submission_id: randomUUID(), consent: 'yes', ...fields }),
  })
}
