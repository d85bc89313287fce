import type { Random } from './random.ts'

/** What becomes of a lead: most play to the end; some are stopped by somebody at some moment. */
type Fate = 'plays' | 'stops' | 'refused' | 'bounces' | 'complains'

export type Lead = { email: string; zone: string; fate: Fate }

/** Both changes of the clocks of 2026 fall into the run: 8 March in the United States, 29 March in Europe. */
const zones = [
  'America/New_York',
  'America/Los_Angeles',
  'Europe/London',
  'Asia/Kolkata',
  'Australia/Sydney',
  'Pacific/Honolulu',
]

/** `stops` is the share of leads whom somebody stops. */
export function castLeads(count: number, stops: number, random: Random): Lead[] {
  return Array.from({ length: count }, (_, index) => {
    const fate = fateOf(index, stops, random)
    // The provider takes no mail to test.org, and says so of the one item.
    const domain = fate === 'refused' ? 'test.org' : 'lead.example'
    // Plus-tags of one mailbox are one address to suppression, so there is one of each.
    const email =
      fate === 'bounces'
        ? 'bounced@resend.dev'
        : fate === 'complains'
          ? 'complained@resend.dev'
          : `lead-${index}@${domain}`
    // A short run stays in a few zones: each costs a storm a step.
    const spread = count < 100 ? 3 : zones.length
    return { email, zone: zones[index % spread]!, fate }
  })
}

function fateOf(index: number, stops: number, random: Random): Fate {
  if (index === 1) return 'bounces'
  if (index === 2) return 'complains'
  const value = random.next()
  return value < 0.01 ? 'refused' : value < 0.01 + stops ? 'stops' : 'plays'
}
