import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { Role } from '../core/user.ts'
import { insertAudit } from '../store/audit.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { lockUsers, removeUser, setRole, type UserRow } from '../store/users.ts'

type Input = { userId: string; actor: string }

/** Gives a user another role. Throws Problem `not-found`, and `conflict` for the last admin. */
export async function changeRole(
  ctx: Pick<Context, 'db' | 'clock'>,
  { userId, role, actor }: Input & { role: Role },
): Promise<void> {
  await change(ctx, userId, role === 'admin', async (tx, user) => {
    await setRole(tx, userId, role)
    const detail = { from: user.role, to: role }
    await insertAudit(tx, { actor, action: 'change-role', subject: userId, detail }, ctx.clock.now())
  })
}

/** Takes a user away and signs all its browsers out. Throws Problem `not-found`, and `conflict` for the last admin. */
export async function dropUser(ctx: Pick<Context, 'db' | 'clock'>, { userId, actor }: Input): Promise<void> {
  await change(ctx, userId, false, async (tx) => {
    await removeUser(tx, userId, ctx.clock.now())
    await insertAudit(tx, { actor, action: 'remove-user', subject: userId }, ctx.clock.now())
  })
}

/** With all users locked, so that of two admins who remove each other at once one stays. */
async function change(
  ctx: Pick<Context, 'db'>,
  userId: string,
  staysAdmin: boolean,
  work: (tx: Db, user: UserRow) => Promise<void>,
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const users = await lockUsers(tx)
    const user = users.find(({ id }) => id === userId)
    if (!user) throw new Problem('not-found', 'This user is not there any more.')
    const others = users.filter(({ id, role }) => id !== userId && role === 'admin')
    if (user.role === 'admin' && !staysAdmin && others.length === 0)
      throw new Problem('conflict', 'This is the last admin. Make somebody else one first.')
    await work(tx, user)
  })
}
