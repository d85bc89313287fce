import { Inline } from './inline.tsx'
import { Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { bodyText } from './type.ts'

/** Running text. */
export function Paragraph({ text }: { text: string }) {
  const { tones } = useMail()
  return (
    <Text className="ink" style={{ ...bodyText, color: tones.ink, margin: '0 0 18px' }}>
      <Inline text={text} />
    </Text>
  )
}
