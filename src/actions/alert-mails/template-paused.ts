import { plainMail, type RenderAlert } from './alert-mail.ts'

export const templatePaused: RenderAlert = async (_ctx, { reason }) =>
  plainMail(
    'One of the mails to leads is paused',
    `Mails of one template could not be rendered, several in a row, so the others of it wait. ${reason}.\n\n` +
      'Nothing is lost, and all other mail goes on. Publish words that work, or mend the template, then run:\n' +
      'npm run nurture -- template resume <name>\n' +
      'The few that were tried are parked: npm run nurture -- parked\n',
  )
