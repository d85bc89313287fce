import type { Context } from '../context.ts'
import { emailKey, isEmailAddress } from '../core/email-address.ts'
import { Problem } from '../core/problem.ts'
import { countForm } from '../store/form-counts.ts'
import { askSignIn } from '../store/sign-ins.ts'

/** How long a link from a mail is good. */
const signInSeconds = 15 * 60
const within = 15 * 60
const most = { ip: 20, address: 5 }

/**
 * Mails a link that signs in, if the address is a user's. What it answers, and how soon, is the same if not.
 * Throws Problem `invalid` for what is no address, and `too-many` after too many from one connection (`ip`) or for one
 * address, over all processes.
 */
export async function requestSignIn(
  ctx: Pick<Context, 'db' | 'clock' | 'formSecrets' | 'wake'>,
  { email, ip }: { email: string; ip: string | null },
): Promise<void> {
  const key = emailKey(email)
  if (!isEmailAddress(key))
    throw new Problem('invalid', 'This is not a complete e-mail address.', [
      { field: 'email', message: 'This is not a complete e-mail address.' },
    ])
  const counted = [
    ...(ip === null ? [] : [{ what: `sign-in ip ${ip}`, most: most.ip }]),
    { what: `sign-in address ${key}`, most: most.address },
  ]
  const counts = await countForm(
    ctx.db,
    counted.map(({ what }) => ({ key: ctx.formSecrets.countKey(what), seconds: within })),
  )
  const over = counts.filter(({ count }, index) => count > counted[index]!.most)
  if (over.length > 0)
    throw new Problem(
      'too-many',
      'Links were asked for too often. Use the newest mail, or try again in a few minutes.',
      [],
      Math.max(1, ...over.map(({ secondsLeft }) => secondsLeft)),
    )
  await askSignIn(ctx.db, key, signInSeconds, ctx.clock.now())
  ctx.wake()
}
