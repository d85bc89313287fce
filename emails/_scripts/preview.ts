/**
 * Opens React Email's own preview of every mail: `npm run emails`. It is large, so it is no dependency: the first run
 * installs it into `.data/preview`, and says so before it does.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

// The two must be equal, or the preview stops at a question.
const version = '6.11.6'
const port = '3003'
const folder = resolve('.data/preview')
const say = (line: string) => process.stdout.write(`${line}\n`)

function installed(): boolean {
  const manifests = ['react-email', '@react-email/ui'].map((name) =>
    join(folder, 'node_modules', name, 'package.json'),
  )
  return manifests.every(
    (file) =>
      existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version === version,
  )
}

function install(): boolean {
  say(
    `React Email's preview ${version} is not here yet. It goes into .data/preview: about 470 MB, once, from the`,
  )
  say('npm registry. Delete that folder to be rid of it.')
  mkdirSync(folder, { recursive: true })
  // A root of its own, so that npm leaves the project's packages alone.
  writeFileSync(join(folder, 'package.json'), '{ "name": "nurture-preview", "private": true }\n')
  const packages = [`react-email@${version}`, `@react-email/ui@${version}`]
  const flags = ['--no-fund', '--no-audit', '--save-exact', '--prefix', folder]
  return spawnSync('npm', ['install', ...flags, ...packages], { stdio: 'inherit' }).status === 0
}

if (!installed() && !install()) {
  say('npm could not install it: see above.')
  process.exitCode = 1
} else {
  say(`Preview: http://localhost:${port}  (stop with Ctrl-C)`)
  const cli = join(folder, 'node_modules', '.bin', 'email')
  // A group of its own: the command starts itself anew, and a signal must reach what it started.
  const preview = spawn(cli, ['dev', '--dir', resolve('emails'), '--port', port], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => preview.pid && process.kill(-preview.pid, signal))
  preview.once('exit', (code) => (process.exitCode = code ?? 0))
}
