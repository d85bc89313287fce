/** `lapse`: it stands still until it is told to jump. */
type ClockKind = 'real' | 'lapse'

/**
 * The clock of the domain: due dates, windows, idempotency age.
 * Leases, heartbeat, time-outs, back-off and signature ages run on wall time instead.
 */
export type Clock = { readonly kind: ClockKind; now(): Date }
