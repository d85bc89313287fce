import type { Context } from '../context.ts'

/** One record that mail from the clinic's domain needs. `unknown`: the name servers could not be asked. */
export type SenderRecord = {
  kind: 'SPF' | 'Return path' | 'DKIM' | 'DMARC' | 'Replies'
  name: string
  state: 'found' | 'missing' | 'unknown'
  /** What is there, as it is. */
  found: string | null
  /** What should be done, for what is missing. */
  advice: string
}

/**
 * Looks up what mail clients look up about our sender. Names are Resend's: a return path under `send.`, and its key
 * under `resend._domainkey.` (resend.com/docs/dashboard/domains/introduction).
 */
export async function checkSender(ctx: Pick<Context, 'config' | 'senderDns'>): Promise<SenderRecord[]> {
  const { from, replyTo } = ctx.config.brand
  const { txt, mx } = ctx.senderDns
  const domain = domainOf(from)
  const answers = domainOf(replyTo)
  const parent = domain.split('.').slice(-2).join('.')
  const look = async (
    kind: SenderRecord['kind'],
    name: string,
    asked: Promise<string[] | null>,
    fits: (value: string) => boolean,
    advice: string,
  ): Promise<SenderRecord> => {
    const values = await asked
    const found = values?.find(fits) ?? null
    const state = values === null ? 'unknown' : found === null ? 'missing' : 'found'
    return { kind, name, state, found, advice }
  }
  const dmarc = async () => {
    const own = await txt(`_dmarc.${domain}`)
    // A domain without one of its own goes by that of the domain above (RFC 7489, 6.6.3).
    return own === null || own.length > 0 || parent === domain ? own : txt(`_dmarc.${parent}`)
  }
  const copyIt = 'Copy this record from the domain’s page at Resend to where the domain’s DNS is kept.'
  return Promise.all([
    look('SPF', `send.${domain}`, txt(`send.${domain}`), (value) => /^v=spf1\b/i.test(value), copyIt),
    look('Return path', `send.${domain}`, mx(`send.${domain}`), (value) => value !== '', copyIt),
    look(
      'DKIM',
      `resend._domainkey.${domain}`,
      txt(`resend._domainkey.${domain}`),
      (value) => /(^|;)\s*p=\S/.test(value),
      copyIt,
    ),
    look(
      'DMARC',
      `_dmarc.${domain}`,
      dmarc(),
      (value) => /^v=DMARC1\b/i.test(value),
      `Add a TXT record with “v=DMARC1; p=none; rua=mailto:${addressOf(replyTo)}”. Large mailbox providers ask for one.`,
    ),
    look(
      'Replies',
      answers,
      mx(answers),
      (value) => value !== '',
      'The domain of the reply address takes no mail. Name an address that a person reads.',
    ),
  ])
}

const addressOf = (mailbox: string) => /<([^>]+)>/.exec(mailbox)?.[1] ?? mailbox.trim()
const domainOf = (mailbox: string) => addressOf(mailbox).split('@').at(-1)!.toLowerCase()
