import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Runs every benchmark to its end, one after the other, whatever those before it came to. `npm run bench` */
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
const names = Object.keys(scripts).filter((name) => name.startsWith('bench:'))
const failed = names.filter((name) => {
  console.log(`\n${name}`)
  return spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' }).status !== 0
})
console.log(
  failed.length === 0 ? '\nAll goals met.' : `\n!! Did not run, or missed a goal: ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
