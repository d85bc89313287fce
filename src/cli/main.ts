import { defineCommand, runCommand, showUsage } from 'citty'
import { Problem } from '../core/problem.ts'

const startCommand = defineCommand({
  meta: { description: 'Run the service' },
  args: {
    role: { type: 'string', default: 'all', description: 'all, web or worker' },
    embedded: {
      type: 'boolean',
      default: false,
      description: 'mail real people from the embedded PostgreSQL',
    },
  },
  run: async ({ args }) => (await import('./start.ts')).start(args),
})

/** Commands load what they need when they run, so that the help comes at once. */
const main = defineCommand({
  meta: { name: 'nurture', description: 'Turns a website lead into a booked call.' },
  subCommands: {
    start: startCommand,
    demo: defineCommand({
      meta: { description: 'Play a whole sequence with four leads in under a minute' },
      run: async () => (await import('./demo.ts')).demo(),
    }),
    sandbox: defineCommand({
      meta: { description: 'Run the stand-in of Resend alone' },
      args: {
        port: { type: 'string', default: '3001', description: '0 takes a free one' },
        host: { type: 'string', default: '127.0.0.1' },
        webhook: { type: 'string', description: 'where events go' },
        file: { type: 'string', description: 'keeps mails over a restart' },
      },
      run: async ({ args }) => (await import('./sandbox.ts')).sandbox(args),
    }),
    migrate: defineCommand({
      meta: { description: 'Bring the database to the newest schema' },
      run: async () => (await import('./with-service.ts')).withService(async () => console.log('Migrated.')),
    }),
    upcoming: () => import('./desk-commands.ts').then((module) => module.upcoming),
    parked: () => import('./desk-commands.ts').then((module) => module.parked),
    replay: () => import('./desk-commands.ts').then((module) => module.replay),
    health: () => import('./desk-commands.ts').then((module) => module.health),
    resume: () => import('./desk-commands.ts').then((module) => module.resume),
    source: defineCommand({
      meta: { description: 'Forms that send leads' },
      subCommands: () => import('./source-commands.ts').then((module) => module.sourceCommands),
    }),
    lead: defineCommand({
      meta: { description: 'One lead' },
      subCommands: () => import('./lead-commands.ts').then((module) => module.leadCommands),
    }),
  },
})

const rawArgs = process.argv.slice(2)
try {
  if (rawArgs.length === 0 || rawArgs.includes('--help')) await showUsage(main)
  else await runCommand(main, { rawArgs })
} catch (error) {
  process.exitCode = 1
  if (error instanceof Problem) console.error(`nurture: ${error.message}`)
  else if (error instanceof Error && error.name === 'CLIError') {
    await showUsage(main)
    console.error(`nurture: ${error.message}`)
  } else console.error(error)
}
