import { Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { Box } from './table.tsx'
import { smallText } from './type.ts'

/** The clinic's own approved words, marked as the clinic's. Ours never stand in for them. */
export function UrgentNote() {
  const { mail, tones } = useMail()
  const text = { ...smallText, color: tones.ink, margin: 0 }
  return (
    <Box
      className="edge"
      style={{ border: `1px solid ${tones.rule}`, borderRadius: 12, padding: '16px 20px' }}
    >
      <Text className="ink" style={{ ...text, fontWeight: 600, margin: '0 0 4px' }}>
        When to seek urgent care: a note from {mail.brand.clinicName}
      </Text>
      <Text className="ink" style={text}>
        {mail.brand.urgentCareNote}
      </Text>
    </Box>
  )
}
