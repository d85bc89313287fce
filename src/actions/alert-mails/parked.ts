import { countLongParked } from '../../store/problems.ts'
import { plainMail, type RenderAlert } from './alert-mail.ts'

/** Null once a person has seen to all of it. */
export const parked: RenderAlert = async (ctx) => {
  const { captures, events } = await countLongParked(ctx.db, ctx.clock.now())
  if (captures + events === 0) return null
  const kinds = [captures > 0 ? 'forms' : null, events > 0 ? 'bookings or other news' : null].filter(Boolean)
  return plainMail(
    `What came in could not be understood: ${kinds.join(', ')}`,
    `Parked captures: ${captures}\nParked provider events: ${events}\n\n` +
      'All of it is kept as it came. But behind it may be a lead whom nobody knows of yet, or one who has booked and still ' +
      'gets mail. Most often a form or a tool has changed: say what each field means, or mend the tool, and try again.\n\n' +
      `${ctx.config.publicUrl}/studio/problems\n\nThis is said once a day, for as long as there is any.\n`,
  )
}
