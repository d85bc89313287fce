import type { CSSProperties } from 'react'

/** System faces only: no web font is needed, and none is fetched. */
export const sans = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
export const serif = "Georgia,'Times New Roman',Times,serif"

/** Long names and links break instead of pushing the page wide. */
export const breaking: CSSProperties = { wordBreak: 'break-word', overflowWrap: 'anywhere' }

export const bodyText: CSSProperties = { fontFamily: sans, fontSize: 17, lineHeight: '28px', ...breaking }
export const smallText: CSSProperties = { fontFamily: sans, fontSize: 14, lineHeight: '22px', ...breaking }
