import { plainMail, type RenderAlert } from './alert-mail.ts'

export const renderFault: RenderAlert = async ({ config }, { reason }) =>
  plainMail(
    'A mail to a lead could not be made',
    `A mail could not be rendered, so it is parked and its lead gets nothing more for now. ${reason}.\n\n` +
      'All other mail goes on. Say what to do with it, and see whether there are more of the kind:\n' +
      `${config.publicUrl}/studio/problems\n` +
      'This is said once a day. Should more of them fail, the mails of that template wait, and you hear of it.\n',
  )
