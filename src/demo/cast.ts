import type { ProviderKind } from './providers.ts'

/** One lead of the demo: how it comes in, what it does, and what must then have happened. */
export type CastMember = {
  firstName: string
  lastName: string
  email: string
  phone: string
  provider: ProviderKind
  /** IANA zone; null: the form says nothing, so the clinic's counts. */
  timeZone: string | null
  /** Done as soon as the lesson of that number has arrived. */
  act: { after: number; kind: 'books' | 'unsubscribes' } | null
  /** Written down by hand: local times of every mail, and why it stopped. Nothing here comes from the planner. */
  expected: { mails: readonly string[]; ended: string }
}

/** Wednesday, 10:00 in New York. Clocks there go forward on the Sunday after, so the demo crosses it. */
export const demoStart = new Date('2026-03-04T15:00:00Z')

export const cast: readonly CastMember[] = [
  {
    firstName: 'Alex',
    lastName: 'Everly',
    email: 'alex@everly.example',
    phone: '+16105550101',
    provider: 'typeform',
    timeZone: null,
    act: null,
    expected: {
      mails: [
        'Wed 2026-03-04 10:00',
        'Thu 2026-03-05 10:00',
        'Mon 2026-03-09 08:00',
        'Thu 2026-03-12 08:00',
        'Mon 2026-03-16 08:00',
        'Mon 2026-03-23 08:00',
        'Mon 2026-03-30 08:00',
      ],
      ended: 'finished',
    },
  },
  {
    firstName: 'Blair',
    lastName: 'Booker',
    email: 'blair@booker.example',
    phone: '+16105550102',
    provider: 'html-form',
    timeZone: 'America/Los_Angeles',
    act: { after: 3, kind: 'books' },
    expected: {
      mails: ['Wed 2026-03-04 07:00', 'Thu 2026-03-05 08:00', 'Mon 2026-03-09 08:00'],
      ended: 'stopped: booked',
    },
  },
  {
    firstName: 'Casey',
    lastName: 'Quitter',
    email: 'casey@quitter.example',
    phone: '+16105550103',
    provider: 'gravity-forms',
    timeZone: null,
    act: { after: 2, kind: 'unsubscribes' },
    expected: { mails: ['Wed 2026-03-04 10:00', 'Thu 2026-03-05 10:00'], ended: 'stopped: unsubscribed' },
  },
  {
    firstName: 'Drew',
    lastName: 'Bounce',
    email: 'bounced+drew@resend.dev',
    phone: '+16105550104',
    provider: 'webflow',
    timeZone: null,
    act: null,
    expected: { mails: ['Wed 2026-03-04 10:00'], ended: 'stopped: bounced' },
  },
]
