import type { Role } from '../../src/core/user.ts'
import { addUser } from '../../src/actions/add-user.ts'
import { signIn } from '../../src/actions/sign-in.ts'
import { insertSignIn } from '../../src/store/sign-ins.ts'
import type { TestService } from '../support/service.ts'

export type Member = {
  id: string
  email: string
  /** Holds the session, as a browser sends it. */
  cookie: string
  /** Asks the studio's interface as its app does. `body` is sent as JSON. */
  call(method: string, path: string, body?: unknown): Promise<Response>
}

let members = 0

/** A user of a role, signed in. */
export async function newMember({ ctx, baseUrl }: TestService, role: Role): Promise<Member> {
  const email = `${role}-${++members}@clinic.example`
  const user = await addUser(ctx, { email, role, actor: 'test' })
  const signInId = await insertSignIn(ctx.db, user.id, 60)
  const token = await signIn(ctx, { signInId, device: 'Chrome on a test' })
  const cookie = `nurture=${token}`
  return {
    id: user.id,
    email,
    cookie,
    call: (method, path, body) =>
      fetch(`${baseUrl}/studio/api${path}`, {
        method,
        headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        redirect: 'manual',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  }
}
