import type { ReactNode } from 'react'
import type { FreshLeadAlertProps } from '../src/core/mail.ts'
import { Heading, Link, Text } from './_components/kit.ts'
import { leadWords } from './_components/lead-words.ts'
import { Page } from './_components/page.tsx'
import { paletteOf, type Tones } from './_components/palette.ts'
import { readablePhone, telHref } from './_components/phone.ts'
import { alertPreviewProps } from './_components/preview-props.ts'
import { SolidButton } from './_components/button.tsx'
import type { AlertTemplate } from './_components/template.ts'
import { bodyText, serif, smallText } from './_components/type.ts'

function Fact({ label, tones, children }: { label: string; tones: Tones; children: ReactNode }) {
  return (
    <Text className="ink" style={{ ...bodyText, color: tones.ink, margin: '0 0 14px' }}>
      <span className="muted" style={{ ...smallText, color: tones.muted }}>
        {label}
      </span>
      <br />
      {children}
    </Text>
  )
}

/** Tells the front desk of a lead: the number to call first, who it is, one button. Made to be read in a corridor. */
export default function FreshLeadAlert(props: FreshLeadAlertProps) {
  const { kind, brand, name, email, phone, source, message, receivedAt, markBookedUrl } = props
  const say = leadWords[kind]
  const palette = paletteOf(brand.colors)
  const tones = palette.light
  const link = { color: tones.link, textDecoration: 'underline' }
  return (
    <Page title={subject(props)} preheader={`${say.when} ${receivedAt}`} palette={palette}>
      <Heading
        as="h1"
        className="ink"
        style={{
          fontFamily: serif,
          fontSize: 26,
          lineHeight: '34px',
          fontWeight: 400,
          color: tones.ink,
          margin: '0 0 20px',
        }}
      >
        {say.heading}
      </Heading>
      <Fact label="Phone" tones={tones}>
        {phone ? (
          <Link
            href={telHref(phone)}
            className="link"
            style={{ ...link, fontSize: 22, fontWeight: 600, whiteSpace: 'nowrap' }}
          >
            {readablePhone(phone)}
          </Link>
        ) : (
          'Not given'
        )}
      </Fact>
      <Fact label="Name" tones={tones}>
        {name ?? 'Not given'}
      </Fact>
      <Fact label="Email" tones={tones}>
        <Link href={`mailto:${encodeURIComponent(email).replace('%40', '@')}`} className="link" style={link}>
          {email}
        </Link>
      </Fact>
      <Fact label={say.source} tones={tones}>
        {source}
      </Fact>
      <Fact label={say.when} tones={tones}>
        {receivedAt}
      </Fact>
      {message && (
        <Fact label="What they wrote" tones={tones}>
          {message.split(/\r?\n/).flatMap((line, at) => (at === 0 ? [line] : [<br key={at} />, line]))}
        </Fact>
      )}
      <SolidButton tones={tones} href={markBookedUrl}>
        Mark booked
      </SolidButton>
      <Text className="muted" style={{ ...smallText, color: tones.muted, margin: 0 }}>
        The button opens a page that asks once more. Marking the lead as booked ends their emails. Please
        don’t forward this message: it holds personal data.
      </Text>
    </Page>
  )
}
FreshLeadAlert.PreviewProps = alertPreviewProps

/** Names the source and nothing of the person: subjects show on locked screens. */
function subject({ kind, source }: FreshLeadAlertProps): string {
  if (kind === 'call-me') return 'A lead asks to be called'
  if (kind === 'unbooked-click') return 'A lead looked at your calendar and did not book'
  if (kind === 'finished') return 'A lead had all emails and did not book'
  return `New lead from ${source.replace(/\s+/g, ' ').trim()}`
}

export const freshLeadAlert: AlertTemplate<FreshLeadAlertProps> = {
  subject,
  component: FreshLeadAlert,
  previewProps: alertPreviewProps,
}
