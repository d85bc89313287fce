/** "median (least to most)" of some figures. */
export function spread(values: readonly number[], digits = 2): string {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]!
  return `${middle.toFixed(digits)} (${sorted[0]!.toFixed(digits)} to ${sorted.at(-1)!.toFixed(digits)})`
}

export type Goal = { atMost: number } | { atLeast: number }

/**
 * Prints a measure with its spread over the rounds beside its goal. When the median misses it, this says so loudly, and the
 * process will end with 1.
 */
export function report(measure: string, values: readonly number[], goal: Goal, digits = 2): void {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
  const met = 'atMost' in goal ? middle <= goal.atMost : middle >= goal.atLeast
  if (!met) process.exitCode = 1
  const sign = 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`
  const verdict = met ? 'met' : '!!  MISSED  !!'
  console.log(`${measure.padEnd(62)} ${spread(values, digits).padEnd(24)} goal ${sign}   ${verdict}`)
}

/** Says loudly that a goal was not looked at, and why: that is no success either. */
export function reportUnmeasured(measure: string, why: string): void {
  process.exitCode = 1
  console.log(`${measure.padEnd(62)} !!  NOT MEASURED  !!   ${why}`)
}

/** The value of `--name` on the command line as a number. */
export function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`)
  return at === -1 ? otherwise : Number(process.argv[at + 1])
}

/** The value below which this part of all values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!
}
