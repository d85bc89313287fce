import { Fragment, type ReactNode } from 'react'
import { Link } from './kit.ts'
import { MARKUP } from './markup.ts'
import { fill, mergeValues } from './merge.ts'
import { useMail } from './mail-context.ts'

/** Copy with `**bold**`, `*italic*` and `[links](https://…)`. Values are filled in last, so none can be markup. */
export function Inline({ text }: { text: string }) {
  const { mail, tones } = useMail()
  const values = mergeValues(mail)
  const parts: ReactNode[] = []
  let from = 0
  for (const match of text.matchAll(MARKUP)) {
    const [whole, bold, italic, label, url] = match
    parts.push(fill(text.slice(from, match.index), values))
    if (bold) parts.push(<strong>{fill(bold, values)}</strong>)
    else if (italic) parts.push(<em>{fill(italic, values)}</em>)
    else
      parts.push(
        <Link href={url} className="link" style={{ color: tones.link, textDecoration: 'underline' }}>
          {fill(label ?? '', values)}
        </Link>,
      )
    from = match.index + whole.length
  }
  parts.push(fill(text.slice(from), values))
  return parts.map((part, at) => <Fragment key={at}>{part}</Fragment>)
}
