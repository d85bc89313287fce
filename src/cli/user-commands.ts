import { userInfo } from 'node:os'
import { type ArgDef, defineCommand } from 'citty'
import { addUser } from '../actions/add-user.ts'
import { changeRole, dropUser } from '../actions/change-user.ts'
import { emailKey } from '../core/email-address.ts'
import { Problem } from '../core/problem.ts'
import { type Role, roles } from '../core/user.ts'
import type { Db } from '../store/db.ts'
import { insertSignIn } from '../store/sign-ins.ts'
import { listUsers } from '../store/users.ts'
import { withService } from './with-service.ts'

/** Who runs this has the database anyway, so that a link of theirs may take longer than one in a mail. */
const linkSeconds = 24 * 3_600
const actor = () => `cli: ${userInfo().username}`
const email = { type: 'positional', required: true, description: 'address that the link goes to' } as const
const role = {
  type: 'enum',
  options: [...roles] as string[],
  required: true,
  description: 'what they may do',
} satisfies ArgDef

async function userIdOf(db: Db, address: string): Promise<string> {
  const user = (await listUsers(db)).find((one) => one.emailKey === emailKey(address))
  if (!user) throw new Problem('not-found', 'No user has this address. See `user list`.')
  return user.id
}

export const userCommands = {
  add: defineCommand({
    meta: { description: 'Let a person sign in to the studio, or give them another role' },
    args: { email, role },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const user = await addUser(ctx, { email: args.email, role: args.role as Role, actor: actor() })
        const signInId = await insertSignIn(ctx.db, user.id, linkSeconds)
        console.log(`${user.email} may sign in as ${user.role}: ${ctx.config.publicUrl}/studio`)
        console.log(`This link does it once, within a day: ${ctx.links.signIn(signInId)}`)
      }),
  }),
  list: defineCommand({
    meta: { description: 'Who may sign in' },
    run: () =>
      withService(async ({ ctx }) => {
        const users = await listUsers(ctx.db)
        for (const user of users) console.log(`${user.role.padEnd(7)} ${user.email}`)
        if (users.length === 0) console.log('Nobody yet. See `user add`.')
      }),
  }),
  role: defineCommand({
    meta: { description: 'Give a user another role' },
    args: { email, role },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const userId = await userIdOf(ctx.db, args.email)
        await changeRole(ctx, { userId, role: args.role as Role, actor: actor() })
        console.log(`The role is ${args.role} now.`)
      }),
  }),
  remove: defineCommand({
    meta: { description: 'Take a user away, and sign out all their browsers' },
    args: { email },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        await dropUser(ctx, { userId: await userIdOf(ctx.db, args.email), actor: actor() })
        console.log('Removed, and signed out everywhere.')
      }),
  }),
}
