import { Link, Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { readablePhone, telHref } from './phone.ts'
import { bodyText } from './type.ts'

/** The two other ways to a call: tap to call, or ask to be called. */
export function CallLines() {
  const { mail, tones } = useMail()
  const link = { color: tones.link, textDecoration: 'underline', fontWeight: 600 }
  return (
    <Text
      className="ink"
      style={{ ...bodyText, fontSize: 16, lineHeight: '26px', color: tones.ink, margin: 0, clear: 'both' }}
    >
      Call us:{' '}
      <Link href={telHref(mail.brand.phone)} className="link" style={{ ...link, whiteSpace: 'nowrap' }}>
        {readablePhone(mail.brand.phone)}
      </Link>
      <br />
      Or have us call you:{' '}
      <Link href={mail.callMeUrl} className="link" style={{ ...link, whiteSpace: 'nowrap' }}>
        please call me
      </Link>
    </Text>
  )
}
