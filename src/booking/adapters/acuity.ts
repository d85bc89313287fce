import type { NoticeAdapter } from '../adapter.ts'
import { hmacSha256, requireHeader, requireSignature } from '../../capture/signature.ts'
import { askableId } from '../event.ts'

/** With and without the prefix of hooks that were made through the API. `changed` comes beside the others, and alone. */
const actions = ['scheduled', 'rescheduled', 'canceled', 'changed']

/**
 * Acuity Scheduling (developers.acuityscheduling.com, webhooks): base64 HMAC-SHA256 of the body under the API key. The
 * body names an appointment and nothing else, so whatever happened to it, what stands is read from Acuity.
 */
export const acuity: NoticeAdapter = {
  verify(request, secrets) {
    const given = requireHeader(request, 'x-acuity-signature')
    requireSignature([given], secrets, (secret) => hmacSha256(secret, request.body).toString('base64'))
  },
  notice(request) {
    const body = new URLSearchParams(Buffer.from(request.body).toString('utf8'))
    const action = (body.get('action') ?? '').replace(/^appointment\./, '')
    return actions.includes(action) ? { id: askableId(body.get('id'), 'id'), known: null } : null
  },
}
