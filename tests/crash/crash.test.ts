import { expect, test } from 'vitest'
import { reportLines } from './report.ts'
import { runScenario } from './scenario.ts'

/** The short run. The long one, and the mutants: node --import tsx tests/crash/run.ts */
test.each(['postgres', 'redis'] as const)(
  'nothing is lost, sent twice or late while %s workers are killed',
  async (backend) => {
    const seed = Date.now() % 1_000_000
    const report = await runScenario({
      backend,
      seed,
      deliveries: 100,
      kills: 6,
      steps: 2,
      children: 2,
      home: 'short',
    })
    if (!report) return console.warn(`  !!  DID NOT RUN: the crash test on ${backend}  !!`)
    const { missing, twice, afterStop, outsideWindow, parked, otherBytes, details } = report.damage
    const damage = { missing, twice, afterStop, outsideWindow, parked, otherBytes, details }
    console.log(reportLines(report).join('\n'))
    expect(damage).toEqual({
      missing: 0,
      twice: 0,
      afterStop: 0,
      outsideWindow: 0,
      parked: 0,
      otherBytes: 0,
      details: [],
    })
    expect(report.tally.fell).toEqual([])
    expect(report.restless).toBe(0)
    expect(report.kills).toBeGreaterThanOrEqual(6)
  },
  300_000,
)
