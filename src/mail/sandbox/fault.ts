import { z } from 'zod'

const common = {
  /** How many requests it hits. */
  times: z.int().min(1).default(1),
  /** Hits only requests with this text in a recipient's address or in the idempotency key; any letter case. */
  match: z.string().min(1).optional(),
}
const seconds = z.int().min(0)
const errorStatus = z.int().min(400).max(599)

/** Something that goes wrong on demand. A request meets the first planned one that matches, in planned order. */
const requestFault = [
  z.strictObject({ kind: z.literal('rate-limit'), retryAfter: seconds.default(1), ...common }),
  z.strictObject({ kind: z.literal('daily-quota'), retryAfter: seconds.optional(), ...common }),
  z.strictObject({ kind: z.literal('monthly-quota'), retryAfter: seconds.optional(), ...common }),
  z.strictObject({
    kind: z.literal('error'),
    status: errorStatus.default(500),
    name: z.string().optional(),
    message: z.string().optional(),
    retryAfter: seconds.optional(),
    ...common,
  }),
  /** A proxy's page instead of an answer. */
  z.strictObject({ kind: z.literal('html'), status: errorStatus.default(502), ...common }),
  /** The connection ends and nothing was accepted. */
  z.strictObject({ kind: z.literal('drop-before'), ...common }),
  /** The connection ends although everything was accepted: the dangerous one. */
  z.strictObject({ kind: z.literal('drop-after'), ...common }),
  /** Answers after `ms`; `accept` says on which side of the wait the mails are accepted. */
  z.strictObject({
    kind: z.literal('slow'),
    ms: z.int().min(0).max(600_000),
    accept: z.enum(['before', 'after']).default('before'),
    ...common,
  }),
  /** An error answer whose body is `null`: the SDK then returns neither data nor error. */
  z.strictObject({ kind: z.literal('null-body'), status: errorStatus.default(500), ...common }),
  /** These items are refused: listed in a permissive batch, the whole request otherwise. */
  z.strictObject({
    kind: z.literal('refuse-items'),
    indexes: z.array(z.int().min(0)).min(1),
    message: z.string().default('The sandbox was asked to refuse this mail.'),
    ...common,
  }),
] as const

/** Something that goes wrong with the events of the mails a request brings; counted when mails are accepted. */
const eventFault = [
  z.strictObject({ kind: z.literal('duplicate-events'), ...common }),
  /** The last event of a mail goes out first, and the last mail's before the first mail's. */
  z.strictObject({ kind: z.literal('shuffle-events'), ...common }),
  /** Events wait until they are released. */
  z.strictObject({ kind: z.literal('hold-events'), ...common }),
  /** Recipients that contain `match` bounce. */
  z.strictObject({
    kind: z.literal('bounce'),
    ...common,
    match: z.string().min(1),
    bounceType: z.enum(['Permanent', 'Transient', 'Undetermined']).default('Permanent'),
    subType: z.string().default('General'),
  }),
] as const

export const faultSchema = z.discriminatedUnion('kind', [...requestFault, ...eventFault])

/** What `plan` and `POST /sandbox/faults` take. */
export type Fault = z.input<typeof faultSchema>
/** A fault with its defaults filled in. */
export type PlannedFault = z.output<typeof faultSchema>
export type FaultKind = PlannedFault['kind']
export type EventFaultKind = z.output<(typeof eventFault)[number]>['kind']
export type RequestFault = z.output<(typeof requestFault)[number]>
export type BounceFault = Extract<PlannedFault, { kind: 'bounce' }>
