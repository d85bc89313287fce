import { drawings, type DrawingName } from './drawings.ts'
import { useMail } from './mail-context.ts'
import type { Tones } from './palette.ts'
import { Table } from './table.tsx'

const UNIT = 4
const toneOf = { p: 'primary', s: 'soft', a: 'accent', n: 'ink', w: 'sheet' } as const

/** Which corners are round, from a code such as `p28`, `P28`, `p28^` or `p28_`. */
function corners(code: string, radius: number): string | undefined {
  if (/^[A-Z]/.test(code)) return undefined
  if (code.endsWith('^')) return `${radius}px ${radius}px 0 0`
  return code.endsWith('_') ? `0 0 ${radius}px ${radius}px` : `${radius}px`
}

type BarProps = { code: string; height: number; radius: number; tones: Tones }

function Bar({ code, height, radius, tones }: BarProps) {
  const width = Number.parseInt(code.slice(1), 10) * UNIT
  const tone = toneOf[code.charAt(0).toLowerCase() as keyof typeof toneOf]
  const size = { width, height, fontSize: 1, lineHeight: '1px', padding: 0 }
  if (!tone) return <td width={width} style={size} />
  return (
    <td
      width={width}
      className={`fill-${tone}`}
      style={{ ...size, backgroundColor: tones[tone], borderRadius: corners(code, radius) }}
    />
  )
}

/** A drawing made of table cells: it shows with images off, and the plain text leaves it out. */
function Drawing({ name, alt }: { name: DrawingName; alt: string }) {
  const { tones } = useMail()
  const { gap, radius, rows } = drawings[name]
  return (
    <div role="img" aria-label={alt} data-skip-in-text="true">
      {rows.map(([height, bars], at) => (
        <Table key={at} align="center" style={{ margin: `0 auto ${at < rows.length - 1 ? gap : 0}px` }}>
          <tr>
            {bars.split(' ').map((code, place) => (
              <Bar key={place} code={code} height={height} radius={radius} tones={tones} />
            ))}
          </tr>
        </Table>
      ))}
    </div>
  )
}

/** A drawing on its own quiet ground. */
export function Picture({ name, alt }: { name: DrawingName; alt: string }) {
  const { tones } = useMail()
  return (
    <Table width="100%" style={{ margin: '4px 0 26px' }}>
      <tr>
        <td
          align="center"
          className="tint"
          style={{ backgroundColor: tones.tint, borderRadius: 16, padding: '36px 12px' }}
        >
          <Drawing name={name} alt={alt} />
        </td>
      </tr>
    </Table>
  )
}
