import { plainMail, type RenderAlert } from './alert-mail.ts'

export const templatePaused: RenderAlert = async (_ctx, { reason }) =>
  plainMail(
    'One of the mails to leads is paused',
    `Several mails of one template could not be made, so the others of it wait. ${reason}.\n\n` +
      'Nothing is lost, and all other mail goes on. Publish words that work, mend the template, or start the release ' +
      'that has it, then run:\nnpm run nurture -- template resume <name>\n' +
      'The few that were tried are parked: npm run nurture -- parked\n',
  )
