import { Inline } from './inline.tsx'
import { Text } from './kit.ts'
import { useMail } from './mail-context.ts'
import { Table } from './table.tsx'
import { breaking, sans, serif } from './type.ts'

/** The one sentence to take away, set large beside a bar. */
export function Callout({ title, text }: { title: string; text: string }) {
  const { tones } = useMail()
  return (
    <Table width="100%" style={{ margin: '6px 0 26px' }}>
      <tr>
        <td
          className="fill-accent"
          width={5}
          style={{ backgroundColor: tones.accent, borderRadius: 3, width: 5 }}
        />
        <td style={{ padding: '4px 0 4px 20px' }}>
          <Text
            className="mark"
            style={{
              fontFamily: sans,
              fontSize: 14,
              lineHeight: '20px',
              fontWeight: 600,
              color: tones.accentInk,
              margin: '0 0 6px',
            }}
          >
            <Inline text={title} />
          </Text>
          <Text
            className="ink"
            style={{
              fontFamily: serif,
              fontSize: 21,
              lineHeight: '31px',
              color: tones.ink,
              margin: 0,
              ...breaking,
            }}
          >
            <Inline text={text} />
          </Text>
        </td>
      </tr>
    </Table>
  )
}
