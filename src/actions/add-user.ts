import type { Context } from '../context.ts'
import { emailKey, isEmailAddress } from '../core/email-address.ts'
import { Problem } from '../core/problem.ts'
import type { Role } from '../core/user.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { putUser, type UserRow } from '../store/users.ts'

/** Lets a person sign in, or gives who may already another role. Throws Problem `invalid` for what is no address. */
export async function addUser(
  ctx: Pick<Context, 'db' | 'clock'>,
  { email, role, actor }: { email: string; role: Role; actor: string },
): Promise<UserRow> {
  const key = emailKey(email)
  if (!isEmailAddress(key))
    throw new Problem('invalid', 'This is not a complete e-mail address.', [
      { field: 'email', message: 'is not a complete e-mail address' },
    ])
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const user = await putUser(tx, { email: email.trim(), emailKey: key, role }, now)
    await insertAudit(tx, { actor, action: 'add-user', subject: user.id, detail: { role } }, now)
    return user
  })
}
