import { CallFacts } from './call-facts.tsx'
import { CallLines } from './call-lines.tsx'
import { Inline } from './inline.tsx'
import { Heading } from './kit.ts'
import { MailScopeProvider, useMail } from './mail-context.ts'
import { toGround } from './palette.ts'
import { Slot } from './blocks.tsx'
import { Box } from './table.tsx'
import { breaking, serif } from './type.ts'

/** How much of the mail the call is: it grows from an offer to the main subject. */
export type StepWeight = 'offer' | 'main'

const panel = { borderRadius: 16, padding: '28px 30px 26px' }

function StepBody() {
  const { copy, tones } = useMail()
  const look = { fontFamily: serif, fontSize: 23, lineHeight: '30px', fontWeight: 400, ...breaking }
  return (
    <>
      <Heading as="h2" className="ink" style={{ ...look, color: tones.ink, margin: '0 0 12px' }}>
        <Inline text={copy.stepTitle} />
      </Heading>
      <Slot of="step" />
      <CallLines />
      <CallFacts />
    </>
  )
}

/** The one step each mail ends in: a call. As the main subject it stands on the clinic's own colour. */
export function NextStep({ weight }: { weight: StepWeight }) {
  const scope = useMail()
  const { tones } = scope
  if (weight === 'offer') {
    return (
      <Box above={32} className="tint pad" style={{ ...panel, backgroundColor: tones.tint }}>
        <StepBody />
      </Box>
    )
  }
  return (
    <MailScopeProvider value={{ ...scope, tones: toGround(tones) }}>
      <Box above={32} className="ground pad" style={{ ...panel, backgroundColor: tones.ground }}>
        <StepBody />
      </Box>
    </MailScopeProvider>
  )
}
