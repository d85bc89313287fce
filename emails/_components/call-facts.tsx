import { Fragment } from 'react'
import { Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { smallText } from './type.ts'

/** What the clinic says about the call. Where it said nothing, the mail says nothing. */
export function CallFacts() {
  const { mail, tones } = useMail()
  const { call } = mail.brand
  if (!call) return null
  const facts = [
    ['Who calls', call.who],
    ['How long', call.length],
    ['Cost', call.cost],
    ['What happens', call.what],
  ] as const
  return (
    <Text className="muted" style={{ ...smallText, color: tones.muted, margin: '20px 0 0' }}>
      {facts.map(([label, value], at) => (
        <Fragment key={label}>
          {at > 0 && <br />}
          <strong>{label}:</strong> {value}
        </Fragment>
      ))}
    </Text>
  )
}
