import type { CSSProperties, ReactNode } from 'react'

type TableProps = {
  children: ReactNode
  align?: 'left' | 'center' | 'right'
  width?: string | number
  className?: string
  style?: CSSProperties
}

/** A table for layout only: read aloud as if it were not there. */
export function Table({ children, align, width, className, style }: TableProps) {
  return (
    <table
      role="presentation"
      cellPadding={0}
      cellSpacing={0}
      border={0}
      {...(align && { align })}
      {...(width !== undefined && { width })}
      {...(className && { className })}
      style={{ borderCollapse: 'separate', ...style }}
    >
      <tbody>{children}</tbody>
    </table>
  )
}

type BoxProps = { children: ReactNode; className?: string; style: CSSProperties; above?: number }

/** A full-width table of one cell; class and style are the cell's. */
export function Box({ children, className, style, above = 0 }: BoxProps) {
  return (
    <Table width="100%" style={{ margin: `${above}px 0 0` }}>
      <tr>
        <td {...(className && { className })} style={style}>
          {children}
        </td>
      </tr>
    </Table>
  )
}
