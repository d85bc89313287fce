import { Inline } from './inline.tsx'
import { useMail } from './mail-context.ts'
import { bodyText } from './type.ts'

type ListProps = { marks: 'dots' | 'numbers'; items: readonly string[] }

/** A real list, so that it is read aloud as one; its marks take the accent colour. */
export function List({ marks, items }: ListProps) {
  const { tones } = useMail()
  const Tag = marks === 'numbers' ? 'ol' : 'ul'
  return (
    <Tag style={{ margin: '0 0 20px', padding: '0 0 0 26px' }}>
      {items.map((item, at) => (
        <li
          key={at}
          className="mark"
          style={{ ...bodyText, color: tones.accentInk, margin: '0 0 10px', padding: '0 0 0 4px' }}
        >
          <span className="ink" style={{ color: tones.ink }}>
            <Inline text={item} />
          </span>
        </li>
      ))}
    </Tag>
  )
}
