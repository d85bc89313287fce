import type { Fault } from '../../src/mail/sandbox/fault.ts'
import type { Lead } from './cast.ts'
import type { Random } from './random.ts'

const errors: Fault[] = [
  { kind: 'error', status: 500, name: 'internal_server_error' },
  { kind: 'error', status: 503, name: 'service_unavailable' },
  { kind: 'error', status: 409, name: 'concurrent_idempotent_requests' },
  { kind: 'error', status: 409, name: 'invalid_idempotent_request' },
  { kind: 'error', status: 422, name: 'validation_error' },
  { kind: 'error', status: 418, name: 'brand_new_name' },
  { kind: 'html' },
  { kind: 'null-body' },
  { kind: 'rate-limit', retryAfter: 0 },
  { kind: 'daily-quota' },
  // One mail of an envelope, or so many that it looks like trouble of the account.
  { kind: 'refuse-items', indexes: [0] },
  { kind: 'refuse-items', indexes: [0, 1, 2, 3, 4, 5] },
]

/** What comes after a mail was taken and the answer lost: answers from which nothing may be concluded. */
const afterwards: Fault[] = [
  { kind: 'rate-limit', retryAfter: 0 },
  { kind: 'error', status: 422, name: 'validation_error' },
  { kind: 'error', status: 409, name: 'invalid_idempotent_request' },
  { kind: 'error', status: 400, name: 'validation_error' },
  { kind: 'html', status: 504 },
]

/** The next thing to go wrong at the provider, or nothing. */
export function nextFaults(random: Random, leads: readonly Lead[]): Fault[] {
  const roll = random.next()
  if (roll < 0.3) return []
  if (roll < 0.5) {
    // All of one envelope: taken, the answer lost, then refused, then asked again.
    const match = random.pick(leads).email
    return [{ kind: 'drop-after', match }, ...afterwardsFor(random, match)]
  }
  if (roll < 0.6) return [{ kind: 'drop-after' }, random.pick(afterwards)]
  if (roll < 0.68) return [{ kind: 'drop-before' }]
  if (roll < 0.78)
    return [
      {
        kind: 'slow',
        ms: random.pick([50, 300, 900, 1_500, 2_500]),
        accept: random.pick(['before', 'after']),
      },
    ]
  if (roll < 0.86)
    return [{ kind: random.pick(['duplicate-events', 'shuffle-events', 'hold-events']), times: 3 }]
  if (roll < 0.88) return [{ kind: 'error', status: 401, name: 'restricted_api_key' }]
  return [random.pick(errors)]
}

function afterwardsFor(random: Random, match: string): Fault[] {
  return Array.from({ length: random.int(1, 3) }, () => ({ ...random.pick(afterwards), match }))
}
