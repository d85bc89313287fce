import { useMail } from './mail-context.ts'
import { Table } from './table.tsx'

/** A column of bars lying on its side: one more is filled with each part. */
export function Progress({ part, of }: { part: number; of: number }) {
  const { tones } = useMail()
  return (
    <div data-skip-in-text="true" aria-hidden="true">
      <Table align="right">
        <tr>
          {Array.from({ length: of }, (_, at) => {
            const tone = at + 1 === part ? 'accent' : at < part ? 'primary' : 'rule'
            return (
              <td key={at} style={{ padding: '0 0 0 5px' }}>
                <Table>
                  <tr>
                    <td
                      width={6}
                      height={22}
                      className={`fill-${tone}`}
                      style={{
                        width: 6,
                        height: 22,
                        fontSize: 1,
                        lineHeight: '1px',
                        borderRadius: 3,
                        backgroundColor: tones[tone],
                      }}
                    />
                  </tr>
                </Table>
              </td>
            )
          })}
        </tr>
      </Table>
    </div>
  )
}
