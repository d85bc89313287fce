import { addUser } from '../actions/add-user.ts'
import type { Context } from '../context.ts'
import { emailKey } from '../core/email-address.ts'
import { insertSignIn } from '../store/sign-ins.ts'
import { listUsers } from '../store/users.ts'

/** A try-out's own admin. Its mails, as all of them, lie in the sandbox. */
const email = 'admin@clinic.example'

/** A link that signs a try-out's admin in, once and within a day; makes that admin where there is none. */
export async function sandboxSignIn(ctx: Context): Promise<string> {
  const known = (await listUsers(ctx.db)).find((user) => user.emailKey === emailKey(email))
  const user = known ?? (await addUser(ctx, { email, role: 'admin', actor: 'sandbox' }))
  return ctx.links.signIn(await insertSignIn(ctx.db, user.id, 24 * 3_600))
}
