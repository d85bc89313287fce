import { parseArgs } from 'node:util'
import { type Mutant, mutants } from './mutants.ts'
import { hasFailed, isHarmless, missedPoints, reportLines, verdictLine } from './report.ts'
import { type Backend, type Report, runScenario } from './scenario.ts'

/**
 * node --import tsx tests/crash/run.ts [--deliveries N] [--kills N] [--steps N] [--children N]
 *   [--backend postgres|redis|both] [--seed S] [--mutants [--only NAME] [--verbose]]
 * Exit code 1: damage, a mutant that did none, or something that was not tested.
 */
const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '12000' },
    kills: { type: 'string', default: '300' },
    steps: { type: 'string', default: '7' },
    children: { type: 'string', default: '3' },
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

/** With so many kills, each point has its turn. */
const killsForAll = 300

async function runAll(): Promise<boolean> {
  let good = true
  for (const backend of backends) {
    const kills = Number(values.kills)
    const report = await runScenario({
      backend,
      deliveries: Number(values.deliveries),
      kills,
      steps: Number(values.steps),
      children: Number(values.children),
      seed,
      say: tell,
    })
    if (!report) {
      console.log(`${backend}: DID NOT RUN, there is no redis-server here; --backend postgres leaves it out`)
      good = false
      continue
    }
    for (const line of reportLines(report)) console.log(line)
    const missed = kills < killsForAll ? [] : missedPoints(report)
    if (missed.length > 0) console.log(`  NOT TESTED, nobody died there: ${missed.join(', ')}`)
    good &&= !hasFailed(report) && missed.length === 0
  }
  return good
}

/** Chance decides whether a race is met: another throw of the dice costs half a minute. */
const rounds = 3

/** What a run shows of a mutant in some rounds, none of which goes on once there is something; null: nothing. */
async function findDamage(mutant: Mutant, isDamage: (report: Report) => boolean): Promise<string | null> {
  for (let round = 0; round < rounds; round++) {
    console.error(`  ${mutant.name}: round ${round + 1} of ${rounds} at most`)
    const report = await runScenario({
      backend: backends[0]!,
      deliveries: 180,
      kills: 9,
      steps: 3,
      seed: seed + round,
      mutant,
      home: 'mutant',
      ...(values.verbose && { say: tell }),
    })
    if (report && isDamage(report)) return verdictLine(report)
  }
  return null
}

async function runMutants(): Promise<boolean> {
  let good = true
  console.log(`mutants on ${backends[0]}, from seed ${seed}`)
  for (const control of [...controlsOf(mutants), ...mutants]) {
    if (values.only && !control.name.includes(values.only)) continue
    const began = Date.now()
    const isControl = !mutants.includes(control)
    const found = await findDamage(
      control,
      isControl || control.isRestless ? hasFailed : (report) => !isHarmless(report),
    )
    const seconds = Math.round((Date.now() - began) / 1_000)
    const said = isControl
      ? found
        ? `DAMAGE (${found})`
        : 'clean'
      : found
        ? `caught (${found})`
        : 'NOT CAUGHT'
    console.log(`${isControl ? 'control' : 'mutant'} "${control.name}": ${said} in ${seconds} s`)
    good &&= (found !== null) !== isControl
  }
  return good
}

/**
 * Nothing planted, under each set of conditions that a mutant has: what is blamed on the mutant must not be their doing.
 */
function controlsOf(all: readonly Mutant[]): Mutant[] {
  const controls = new Map<string, Mutant>()
  for (const { name, harmless = [], slow, lingerMs, points } of all) {
    const conditions = { ...(slow && { slow }), ...(lingerMs && { lingerMs }), ...(points && { points }) }
    const key = JSON.stringify([conditions, harmless])
    const as = controls.size === 0 ? 'nothing planted' : `nothing planted, as for ${name}`
    if (!controls.has(key)) controls.set(key, { name: as, edits: [], harmless, ...conditions })
  }
  return [...controls.values()]
}

process.exitCode = (await (values.mutants ? runMutants() : runAll())) ? 0 : 1
// Whatever a mutant left hanging is no reason to stay.
process.exit()
