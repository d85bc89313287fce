import { maskEmail, maskPhone } from '../../core/mask.ts'
import { mayAct, type User } from '../../core/user.ts'

type Person = { email: string | null; lastName: string | null; phone?: string | null }

/**
 * A lead as this user may see it. Who only looks on needs no way to reach anybody: of an address the host is left, of a
 * last name the first letter, of a number the last two digits.
 */
export function seenBy<T extends Person>(user: User, lead: T): T {
  if (mayAct(user.role, 'editor')) return lead
  const { email, lastName, phone } = lead
  return {
    ...lead,
    email: email === null ? null : maskEmail(email),
    lastName: lastName === null ? null : `${lastName.slice(0, 1)}.`,
    ...(phone ? { phone: maskPhone(phone) } : {}),
  }
}
