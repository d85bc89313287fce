import { Inline } from './inline.tsx'
import { Heading, Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { breaking, sans, serif } from './type.ts'

/** The mail's only h1, with a small line above that says where in the series we are. */
export function Title() {
  const { copy, tones } = useMail()
  return (
    <>
      <Text
        className="mark"
        style={{
          fontFamily: sans,
          fontSize: 14,
          lineHeight: '20px',
          fontWeight: 600,
          color: tones.accentInk,
          margin: '4px 0 8px',
        }}
      >
        <Inline text={copy.eyebrow} />
      </Text>
      <Heading
        as="h1"
        className="ink title"
        style={{
          fontFamily: serif,
          fontSize: 33,
          lineHeight: '41px',
          fontWeight: 400,
          color: tones.ink,
          margin: '0 0 22px',
          ...breaking,
        }}
      >
        <Inline text={copy.title} />
      </Heading>
    </>
  )
}
