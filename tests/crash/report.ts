import { killPoints } from './kill-points.ts'
import type { Report } from './scenario.ts'

/** True when the run did no damage. */
export function isHarmless({ damage }: Report): boolean {
  const { missing, twice, afterStop, outsideWindow, parked, otherBytes } = damage
  return missing + twice + afterStop + outsideWindow + parked + otherBytes === 0
}

/**
 * What else is a fault of the engine: a process that ended by itself with an error, and a calm without rest. What is open
 * then is excused from the count above, for it grows too old; so the calm itself must count.
 */
export function hasFailed(report: Report): boolean {
  return !isHarmless(report) || report.tally.fell.length > 0 || report.restless > 0
}

/** Kill points at which no process has died. */
export function missedPoints({ tally }: Report): string[] {
  return killPoints.filter((point) => tally.hits[point] === 0)
}

export function verdictLine({ damage, restless }: Report): string {
  const { expected, missing, twice, afterStop, outsideWindow, parked, otherBytes } = damage
  return (
    `expected ${expected}, missing ${missing}, twice ${twice}, after stop ${afterStop}, ` +
    `outside window ${outsideWindow}, parked ${parked}${otherBytes > 0 ? `, other bytes under a used key ${otherBytes}` : ''}` +
    `${restless > 0 ? `, calms without rest ${restless}` : ''}`
  )
}

export function reportLines(report: Report): string[] {
  const { backend, damage, tally, kills, seconds } = report
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  return [
    `${backend}: ${verdictLine(report)}`,
    `  ${damage.accepted} mails taken; as they must, parked by a leap over 23 hours: ${damage.parkedByLeap}, ` +
      `failed when refused alone: ${damage.refusedAlone}`,
    `  ${kills} kills: ${list(tally.hits)}; ended by SIGTERM ${tally.stopped}, held by SIGSTOP ${tally.frozen}, fell over by themselves ${tally.fell.length}`,
    `  Redis emptied ${report.redisEmptied}, PostgreSQL stopped at once ${report.postgresCrashes}, ` +
      `leaps ${report.leaps}, stops: ${list(report.stops)}`,
    `  taken and then reported as failed ${report.reported}; a person's word on mails that failed: ${list(report.words)}`,
    `  faults: ${list(report.faults)}`,
    `  ${seconds.toFixed(0)} s; to replay: npm run test:crash -- ${report.replay}`,
    ...[...new Set(tally.fell)].slice(0, 5).map((line) => `  ${line}`),
    ...damage.details.map((line) => `  ${line}`),
  ]
}
