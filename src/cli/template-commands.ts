import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { resumeTemplate } from '../actions/resume-template.ts'
import { withService } from './with-service.ts'

export const templateCommands = {
  resume: defineCommand({
    meta: { description: 'Try a template again that is paused, as health shows: what waited for it is due' },
    args: { template: { type: 'positional', required: true, description: 'such as lock-up' } },
    run: ({ args: { template } }) =>
      withService(async ({ ctx }) => {
        const released = await resumeTemplate(ctx, { template, actor: `cli: ${userInfo().username}` })
        console.log(`${template} is tried again. Mails that waited for it: ${released}.`)
      }),
  }),
}
