import { SolidButton } from './button.tsx'
import { useMail } from './mail-context.ts'

/** The button of the mail that asks whether an address may be written to. */
export function ConfirmButton() {
  const { mail, tones } = useMail()
  return (
    <SolidButton href={mail.confirmUrl} tones={tones}>
      Yes, it was me
    </SolidButton>
  )
}
