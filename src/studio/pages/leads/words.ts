/** What the service calls a thing, as people at a clinic say it. */
const words: Readonly<Record<string, string>> = {
  active: 'running',
  held: 'held: a mail needs a look',
  finished: 'finished',
  stopped: 'stopped',
  booked: 'booked a call',
  unsubscribed: 'unsubscribed',
  complained: 'marked a mail as spam',
  bounced: 'address does not take mail',
  suppressed: 'address is suppressed',
  provider: 'the mail provider refuses the address',
  replied: 'replied',
  staff: 'somebody of the clinic',
  erased: 'erased',
  waiting: 'waits',
  sealed: 'is on its way to the provider',
  sent: 'sent',
  delivered: 'delivered',
  failed: 'failed',
  parked: 'parked: nobody knows whether it went out',
  cancelled: 'cancelled',
  enrolled: 'enrolled',
  attached: 'joined the mails that run already',
  'without-consent': 'no consent, so no mails',
  ticked: 'a box was ticked',
  inquiry: 'they asked us, and the form says that we answer by mail',
  stop: 'stopped the mails',
  resume: 'resumed the mails',
  suppress: 'suppressed the address',
  'lift-suppression': 'lifted the suppression',
  'mark-booked': 'marked as booked',
  'change-zone': 'changed the time zone',
  export: 'downloaded all that is stored',
  erase: 'erased the person',
}

export const inWords = (name: string): string => words[name] ?? name

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

type Named = { firstName: string | null; lastName: string | null; email: string | null; erased?: boolean }

/** What to call a lead in a list. */
export function nameOf({ firstName, lastName, email }: Named): string {
  return [firstName, lastName].filter(Boolean).join(' ') || email || 'Erased'
}
