import type { ReactNode } from 'react'
import { darkCss, phoneCss } from './head-css.ts'
import { Body, Head, Html } from './kit.ts'
import type { Palette } from './palette.ts'
import { Preheader } from './preheader.tsx'
import { Table } from './table.tsx'

type PageProps = {
  title: string
  preheader: string
  palette: Palette
  children: ReactNode
  below?: ReactNode
}

/** The document around every mail: a sheet of at most 600 px on the clinic's paper. */
export function Page({ title, preheader, palette, children, below }: PageProps) {
  const { light } = palette
  return (
    <Html lang="en" dir="ltr">
      <Head>
        <title>{title}</title>
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no" />
        <style dangerouslySetInnerHTML={{ __html: phoneCss }} />
        <style dangerouslySetInnerHTML={{ __html: darkCss(palette) }} />
      </Head>
      <Body className="page" style={{ backgroundColor: light.page, margin: 0, padding: 0 }}>
        <Preheader text={preheader} />
        <Table width="100%">
          <tr>
            <td
              align="center"
              className="page gutter"
              style={{ backgroundColor: light.page, padding: '28px 16px 40px' }}
            >
              <Table align="center" width={600} style={{ width: '100%', maxWidth: 600 }}>
                <tr>
                  <td
                    align="left"
                    className="sheet pad"
                    style={{ backgroundColor: light.sheet, borderRadius: 20, padding: '28px 44px 40px' }}
                  >
                    {children}
                  </td>
                </tr>
                {below && (
                  <tr>
                    <td align="left" className="pad" style={{ padding: '26px 44px 0' }}>
                      {below}
                    </td>
                  </tr>
                )}
              </Table>
            </td>
          </tr>
        </Table>
      </Body>
    </Html>
  )
}
