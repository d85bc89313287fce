import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { validate as isUuid } from 'uuid'
import { answerReply } from '../actions/answer-reply.ts'
import { oneLine } from '../capture/text.ts'
import { Problem } from '../core/problem.ts'
import { findReply, listOpenReplies } from '../store/replies.ts'
import { localTime } from './local-time.ts'
import { withService } from './with-service.ts'

const most = 200
const id = { type: 'positional', required: true, description: 'id that `replies` shows' } as const

type Found = NonNullable<Awaited<ReturnType<typeof findReply>>>

/** Who wrote it, as far as that is known, and what a person should know before believing it. */
function who({ reply, email, hintEmail, step }: Found): string {
  if (reply.sender === null) return 'erased'
  if (email === null)
    return `${reply.sender}, who answers no mail that we know${hintEmail ? `; the address of a lead, whose mails go on` : ''}`
  const from = reply.sender.toLowerCase() === email.toLowerCase() ? '' : `, from ${reply.sender}`
  const doubt = reply.dmarc === 'fail' ? '; the sender may be forged, so the mails go on' : ''
  return `${email}${from}, to ${step ?? 'a mail'}${doubt}`
}

/** What leads answered and nobody has answered yet. */
export const replies = defineCommand({
  run: () =>
    withService(async ({ ctx }) => {
      const rows = await listOpenReplies(ctx.db, most)
      for (const row of rows) {
        const { reply, timeZone } = row
        const at = localTime(reply.receivedAt, timeZone ?? ctx.config.brand.timeZone)
        console.log(`${reply.id}  ${at.padEnd(30)} ${who(row)}`)
        console.log(`    ${oneLine(reply.text ?? '', 160)}`)
      }
      if (rows.length === 0) return console.log('No reply waits for an answer.')
      console.log('All of one: npm run nurture -- reply show <id>')
      console.log('Once it is answered: npm run nurture -- reply answered <id>')
    }),
})

export const replyCommands = {
  show: defineCommand({
    meta: { description: 'What a reply says' },
    args: { id },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const found = isUuid(args.id) ? await findReply(ctx.db, args.id) : null
        if (!found) throw new Problem('not-found', `No reply ${args.id}.`)
        const { reply, timeZone } = found
        console.log(localTime(reply.receivedAt, timeZone ?? ctx.config.brand.timeZone))
        console.log(`From: ${who(found)}`)
        if (reply.subject) console.log(`Subject: ${reply.subject}`)
        if (reply.attachments > 0) console.log(`Files, to be read at Resend: ${reply.attachments}`)
        if (reply.answeredAt)
          console.log(`Answered ${reply.answeredAt.toISOString()}, said ${reply.answeredBy}`)
        console.log(`\n${reply.text ?? '(erased)'}`)
      }),
  }),
  answered: defineCommand({
    meta: { description: 'Take a reply off the list, as somebody has answered it' },
    args: { id },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        if (!isUuid(args.id)) throw new Problem('not-found', `No reply ${args.id}.`)
        const actor = `cli: ${userInfo().username}`
        const isNews = await answerReply(ctx, { replyId: args.id, actor })
        console.log(isNews ? 'Off the list.' : 'It was off the list already.')
      }),
  }),
}
