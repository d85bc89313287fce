import { Link, Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { smallText } from './type.ts'

/**
 * Why this came, how to end it, and where we are: what the law asks for, in plain words.
 * `series`: the mail is one of several; else it came because a call was planned.
 */
export function Footer({ series }: { series: boolean }) {
  const { mail, tones } = useMail()
  const { brand, unsubscribeUrl } = mail
  const text = { ...smallText, color: tones.muted, margin: '0 0 12px' }
  return (
    <>
      <Text className="muted" style={text}>
        {series
          ? `You get this short series because you left your email address with ${brand.clinicName}. It ends by itself, and it stops as soon as you book a call.`
          : `You get this one note because you had a call planned with ${brand.clinicName}.`}{' '}
        What it says is general, and no substitute for care of your own.
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
