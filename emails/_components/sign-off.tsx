import { Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { bodyText, smallText } from './type.ts'

/** Who signs, and that an answer is welcome. */
export function SignOff() {
  const { mail, tones } = useMail()
  const { name, role } = mail.brand.signature
  return (
    <>
      <Text className="ink" style={{ ...bodyText, color: tones.ink, margin: '32px 0 14px' }}>
        {name}
        <br />
        <span className="muted" style={{ ...smallText, color: tones.muted }}>
          {role}
        </span>
      </Text>
      <Text className="muted" style={{ ...smallText, color: tones.muted, margin: 0 }}>
        Questions? You can simply reply to this email.
      </Text>
    </>
  )
}
