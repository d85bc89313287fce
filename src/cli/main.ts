import { stripVTControlCharacters } from 'node:util'
import {
  type ArgsDef,
  type CommandDef,
  type CommandMeta,
  defineCommand,
  runCommand,
  runMain,
  showUsage,
} from 'citty'
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
  run: async ({ args, rawArgs: given }) => {
    // A mistyped --role would run everything, where only a part was meant.
    const unknown = given.find((word) => word.startsWith('--') && !/^--(role|embedded)(=|$)/.test(word))
    if (unknown) throw new Problem('config', `start takes --role and --embedded, not ${unknown}.`)
    return (await import('./start.ts')).start(args)
  },
})

/** A command of which only the description is loaded until it is asked for, so that the help comes at once. */
function later(description: string, load: () => Promise<CommandDef>): CommandDef {
  return defineCommand({
    meta: { description },
    args: async () => ((await load()).args ?? {}) as ArgsDef,
    run: async (context) => (await load()).run?.(context),
  })
}

const desk = (name: 'upcoming' | 'parked' | 'replay' | 'health' | 'resume') => async () =>
  (await import('./desk-commands.ts'))[name] as CommandDef

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
    upcoming: later('Mails of the next days', desk('upcoming')),
    parked: later('What waits for a person, and why', desk('parked')),
    replay: later('Try a parked capture or event again', desk('replay')),
    health: later('How the service is doing', desk('health')),
    resume: later('Send again after a pause', desk('resume')),
    source: defineCommand({
      meta: { description: 'Forms that send leads' },
      subCommands: () => import('./source-commands.ts').then((module) => module.sourceCommands),
    }),
    copy: defineCommand({
      meta: { description: 'The words of the mails: edit, publish, roll back' },
      subCommands: () => import('./copy-commands.ts').then((module) => module.copyCommands),
    }),
    step: defineCommand({
      meta: { description: 'Steps of a sequence, switched on or off for new enrollments' },
      subCommands: () => import('./step-commands.ts').then((module) => module.stepCommands),
    }),
    template: defineCommand({
      meta: { description: 'A template that is paused, as its mails could not be rendered' },
      subCommands: () => import('./template-commands.ts').then((module) => module.templateCommands),
    }),
    delivery: defineCommand({
      meta: { description: 'One mail that failed or is parked' },
      subCommands: () => import('./delivery-commands.ts').then((module) => module.deliveryCommands),
    }),
    booking: defineCommand({
      meta: { description: 'One booking' },
      subCommands: () => import('./booking-commands.ts').then((module) => module.bookingCommands),
    }),
    bookings: defineCommand({
      meta: { description: 'Lists of bookings from a tool that sends none by itself' },
      subCommands: () => import('./booking-commands.ts').then((module) => module.bookingsCommands),
    }),
    leads: defineCommand({
      meta: { description: 'Lists of leads: taken from a file, or written to one' },
      subCommands: () => import('./leads-commands.ts').then((module) => module.leadsCommands),
    }),
    replies: later(
      'What leads answered and nobody has answered yet',
      async () => (await import('./reply-commands.ts')).replies as CommandDef,
    ),
    reply: defineCommand({
      meta: { description: 'One reply of a lead' },
      subCommands: () => import('./reply-commands.ts').then((module) => module.replyCommands),
    }),
    user: defineCommand({
      meta: { description: 'People who may sign in to the studio' },
      subCommands: () => import('./user-commands.ts').then((module) => module.userCommands),
    }),
    token: defineCommand({
      meta: { description: "Tokens with which machines use the studio's interface" },
      subCommands: () => import('./token-commands.ts').then((module) => module.tokenCommands),
    }),
    lead: defineCommand({
      meta: { description: 'One lead' },
      subCommands: () => import('./lead-commands.ts').then((module) => module.leadCommands),
    }),
  },
})

const rawArgs = process.argv.slice(2)

/** The help of one command, under the words with which it is called. */
async function usage<T extends ArgsDef>(command: CommandDef<T>): Promise<void> {
  const name = ['nurture', ...rawArgs.filter((word) => !word.startsWith('-'))].join(' ')
  await showUsage({ ...command, meta: { ...(await command.meta), name } as CommandMeta })
}

try {
  if (rawArgs.length === 0) await showUsage(main)
  else if (rawArgs.includes('--help')) await runMain(main, { rawArgs, showUsage: usage })
  else await runCommand(main, { rawArgs })
} catch (error) {
  process.exitCode = 1
  if (error instanceof Problem) {
    console.error(`nurture: ${error.message}`)
    for (const { field, message } of error.fields) console.error(`  ${field}: ${message}`)
  } else if (error instanceof Error && error.name === 'CLIError')
    console.error(`nurture: ${stripVTControlCharacters(error.message).replace(/\.$/, '')}. Try --help.`)
  else console.error(error)
}
