import { Link, Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { smallText } from './type.ts'

/** One of a series; after a call that was planned; or to ask whether an address may be written to. */
export type MailReason = 'series' | 'call' | 'asks'

const reasons: Readonly<Record<MailReason, (clinic: string) => string>> = {
  series: (clinic) =>
    `You get this short series because you left your email address with ${clinic}. It ends by itself, and it stops as soon as you book a call.`,
  call: (clinic) => `You get this one note because you had a call planned with ${clinic}.`,
  asks: (clinic) => `You get this one email because a form of ${clinic} was filled in with your address.`,
}

/**
 * Why this came, how to end it, and where we are: what the law asks for, in plain words.
 */
export function Footer({ why }: { why: MailReason }) {
  const { mail, tones } = useMail()
  const { brand, unsubscribeUrl } = mail
  const text = { ...smallText, color: tones.muted, margin: '0 0 12px' }
  return (
    <>
      <Text className="muted" style={text}>
        {reasons[why](brand.clinicName)} What it says is general, and no substitute for care of your own.
      </Text>
      <Text className="muted" style={text}>
        No more of these?{' '}
        <Link
          href={unsubscribeUrl}
          className="muted"
          data-text="colon"
          style={{ color: tones.muted, textDecoration: 'underline' }}
        >
          Unsubscribe
        </Link>
      </Text>
      <Text className="muted" style={{ ...text, margin: 0 }}>
        {brand.postalAddress}
      </Text>
    </>
  )
}
