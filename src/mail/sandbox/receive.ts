import { type IncomingMail, type ReceivedMail, toReceived } from './received.ts'
import type { SandboxState } from './state.ts'

/** Takes a mail in and reports it. `id` is drawn when none is given. */
export function receive(state: SandboxState, mail: IncomingMail, id?: string): ReceivedMail {
  const received = toReceived(mail, state.now(), id)
  state.journal?.add({ kind: 'received', mail: received })
  state.received.set(received.id, received)
  state.webhooks.addReceived(received)
  return received
}
