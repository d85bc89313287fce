import type { Context } from '../context.ts'
import { nextDigest } from '../core/alert.ts'

/** When an alert is told that has to wait for `afterMs` first: by itself, and with the digest after that. */
export function alertTimes(
  { clock, config }: Pick<Context, 'clock' | 'config'>,
  afterMs: number,
): { dueAt: Date; digestAt: Date } {
  const dueAt = new Date(clock.now().getTime() + afterMs)
  return { dueAt, digestAt: nextDigest(dueAt, config.digestHour, config.brand.timeZone) }
}
