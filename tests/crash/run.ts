import { parseArgs } from 'node:util'
import { type Mutant, mutants } from './mutants.ts'
import { isHarmless, reportLines, verdictLine } from './report.ts'
import { type Backend, runScenario } from './scenario.ts'

/**
 * node --import tsx tests/crash/run.ts [--deliveries N] [--kills N] [--backend postgres|redis|both] [--seed S]
 *   [--mutants [--only NAME] [--verbose]]
 * Exit code 1: damage, or a mutant that did none.
 */
const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '11500' },
    kills: { type: 'string', default: '300' },
    backend: { type: 'string', default: 'both' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})

const seed = Number(values.seed)
const backends: Backend[] = values.backend === 'both' ? ['postgres', 'redis'] : [values.backend as Backend]
const tell = (line: string) => console.log(`  ${line}`)
if (!['both', 'postgres', 'redis'].includes(values.backend))
  throw new Error(`--backend is postgres, redis or both, not ${values.backend}`)

async function runAll(): Promise<boolean> {
  let good = true
  for (const backend of backends) {
    const deliveries = Number(values.deliveries)
    const report = await runScenario({ backend, deliveries, kills: Number(values.kills), seed, say: tell })
    if (!report) {
      console.log(`${backend}: DID NOT RUN, there is no redis-server here`)
      continue
    }
    for (const line of reportLines(report)) console.log(line)
    // One that ends with an error, or does not end in time, is a fault of the engine too.
    good &&= isHarmless(report) && report.tally.fell.length === 0
  }
  return good
}

async function runMutants(): Promise<boolean> {
  let good = true
  // Nothing planted, under the same conditions: what is blamed on a mutant must not be the test's own doing.
  const control: Mutant = { name: 'none', edits: [] }
  for (const mutant of [control, ...mutants]) {
    if (values.only && !mutant.name.includes(values.only)) continue
    let caught: string | null = null
    const began = Date.now()
    const [backend] = backends
    const rounds = mutant === control ? 1 : 3
    // Chance decides whether a race is met: another throw of the dice costs half a minute.
    for (let round = 0; round < rounds && !caught; round++) {
      const report = await runScenario({
        backend: backend!,
        deliveries: 180,
        kills: 9,
        steps: 3,
        seed: seed + round,
        mutant,
        home: 'mutant',
        ...(values.verbose && { say: tell }),
      })
      if (report && !isHarmless(report)) caught = verdictLine(report)
    }
    const seconds = Math.round((Date.now() - began) / 1_000)
    console.log(`mutant "${mutant.name}": ${caught ? `caught (${caught})` : 'NOT CAUGHT'} in ${seconds} s`)
    good &&= (caught !== null) === (mutant !== control)
  }
  return good
}

process.exitCode = (await (values.mutants ? runMutants() : runAll())) ? 0 : 1
// Whatever a mutant left hanging is no reason to stay.
process.exit()
