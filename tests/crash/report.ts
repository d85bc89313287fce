import type { Report } from './scenario.ts'

/** True when the run did no damage. */
export function isHarmless({ damage }: Report): boolean {
  const { missing, twice, afterStop, outsideWindow, parked, otherBytes } = damage
  return missing + twice + afterStop + outsideWindow + parked + otherBytes === 0
}

export function verdictLine({ damage }: Report): string {
  const { expected, missing, twice, afterStop, outsideWindow, parked, otherBytes } = damage
  return (
    `expected ${expected}, missing ${missing}, twice ${twice}, after stop ${afterStop}, ` +
    `outside window ${outsideWindow}, parked ${parked}${otherBytes > 0 ? `, other bytes under a used key ${otherBytes}` : ''}`
  )
}

export function reportLines(report: Report): string[] {
  const { backend, seed, damage, tally, kills, seconds } = report
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
      `leaps ${report.leaps}, calms without rest ${report.restless}, stops: ${list(report.stops)}`,
    `  taken and then reported as failed ${report.reported}; a person's word on mails that failed: ${list(report.words)}`,
    `  faults: ${list(report.faults)}`,
    `  ${seconds.toFixed(0)} s; to replay: --backend ${backend} --seed ${seed}`,
    ...[...new Set(tally.fell)].slice(0, 5).map((line) => `  ${line}`),
    ...damage.details.map((line) => `  ${line}`),
  ]
}
