import type { ReactNode } from 'react'
import { Inline } from './inline.tsx'
import { useMail } from './mail-context.ts'
import type { Tones } from './palette.ts'
import { Table } from './table.tsx'
import { breaking, sans } from './type.ts'

/** React knows no Outlook property, but passes it on. */
const outlookPadding = { msoPaddingAlt: '16px 30px' } as object

/** A button built from a padded cell, which Outlook draws too; the whole face is the link. */
export function SolidButton({ href, tones, children }: { href: string; tones: Tones; children: ReactNode }) {
  return (
    <Table className="wide" style={{ margin: '4px 0 22px' }}>
      <tr>
        <td
          align="center"
          className="fill-primary"
          style={{ backgroundColor: tones.primary, borderRadius: 10, ...outlookPadding }}
        >
          <a
            href={href}
            target="_blank"
            data-text="own-line"
            className="on-primary label"
            style={{
              display: 'block',
              padding: '16px 30px',
              fontFamily: sans,
              fontSize: 17,
              lineHeight: '24px',
              fontWeight: 600,
              textAlign: 'center',
              textDecoration: 'none',
              color: tones.onPrimary,
              ...breaking,
            }}
          >
            {children}
          </a>
        </td>
      </tr>
    </Table>
  )
}

/** The button of a lesson, its label editable. */
export function Button({ label, href }: { label: string; href: string }) {
  const { tones } = useMail()
  return (
    <SolidButton href={href} tones={tones}>
      <Inline text={label} />
    </SolidButton>
  )
}
