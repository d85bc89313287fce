import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { countingMails } from '../actions/counting-mails.ts'
import { switchStep } from '../actions/switch-step.ts'
import { findStepsOff } from '../store/switched-steps.ts'
import { withService } from './with-service.ts'

const args = {
  sequence: { type: 'positional', required: true, description: 'as `step list` shows it' },
  step: { type: 'positional', required: true, description: 'such as lesson-4' },
} as const

const command = (on: boolean, description: string) =>
  defineCommand({
    meta: { description },
    args,
    run: ({ args: { sequence, step } }) =>
      withService(async ({ ctx }) => {
        await switchStep(ctx, { sequence, step, on, actor: `cli: ${userInfo().username}` })
        console.log(
          `${step} is ${on ? 'on' : 'off'} for new enrollments. Those that run keep what they began with.`,
        )
        if (on) return
        for (const { template, field, message } of await countingMails(ctx, sequence))
          console.log(`Look: ${template}, ${field}, ${message}`)
      }),
  })

export const stepCommands = {
  list: defineCommand({
    meta: { description: 'The steps of each sequence' },
    run: () =>
      withService(async ({ ctx }) => {
        for (const sequence of Object.values(ctx.sequences)) {
          const off = await findStepsOff(ctx.db, sequence.key)
          for (const { key, template, delayDays } of sequence.steps)
            console.log(
              `${sequence.key}  ${key.padEnd(10)} ${off.includes(key) ? 'off' : 'on '}  +${delayDays} days  ${template}`,
            )
        }
      }),
  }),
  off: command(false, 'Leave a step out for new enrollments'),
  on: command(true, 'Take a step in again for new enrollments'),
}
