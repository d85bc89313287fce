/** What somebody may do in the studio, least first: look, change words and act on leads, run the service. */
export const roles = ['viewer', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

/** Who is at work: a person who signed in, or a machine with a token of its own. */
export type User = {
  /** Of the user or of the token. */
  id: string
  /** Of a person; of a machine the name of its token. */
  email: string
  role: Role
  /** As the audit log names it. */
  actor: string
  /** The session that the request came with; null for a machine. */
  sessionId: string | null
}

/** Each role may do what those before it may. */
export function mayAct(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}
