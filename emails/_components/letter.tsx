import type { ReactNode } from 'react'
import type { MailProps } from '../../src/core/mail.ts'
import type { Copy } from './copy.ts'
import { Footer, type MailReason } from './footer.tsx'
import { MailScopeProvider } from './mail-context.ts'
import { Masthead } from './masthead.tsx'
import { fill, mergeValues } from './merge.ts'
import { Page } from './page.tsx'
import { paletteOf } from './palette.ts'
import { SignOff } from './sign-off.tsx'
import { UrgentNote } from './urgent-note.tsx'

type LetterProps = {
  mail: MailProps
  copy: Copy
  /** What it came for. Where that is the series, the masthead says how far it has come. */
  why?: MailReason
  children: ReactNode
}

/** A lesson as a letter: masthead, what the template puts inside, signature, the clinic's note, legal lines. */
export function Letter({ mail, copy, why = 'series', children }: LetterProps) {
  const palette = paletteOf(mail.brand.colors)
  const values = mergeValues(mail)
  return (
    <MailScopeProvider value={{ mail, copy, palette, tones: palette.light }}>
      <Page
        title={fill(mail.topical ? copy.topicalSubject : copy.subject, values)}
        preheader={fill(copy.preheader, values)}
        palette={palette}
        below={
          <>
            <UrgentNote />
            <div style={{ height: 24, lineHeight: '24px', fontSize: 1 }} />
            <Footer why={why} />
          </>
        }
      >
        <Masthead mail={mail} tones={palette.light} inSeries={why === 'series'} />
        {children}
        <SignOff />
      </Page>
    </MailScopeProvider>
  )
}
