import type { DigestAlertProps, LeadNews } from '../src/core/mail.ts'
import { Heading, Link, Text } from './_components/kit.ts'
import { leadWords } from './_components/lead-words.ts'
import { Page } from './_components/page.tsx'
import { paletteOf, type Tones } from './_components/palette.ts'
import { readablePhone, telHref } from './_components/phone.ts'
import { alertPreviewProps, sampleBrand } from './_components/preview-props.ts'
import type { AlertTemplate } from './_components/template.ts'
import { bodyText, serif, smallText } from './_components/type.ts'

function News({ news, tones }: { news: LeadNews; tones: Tones }) {
  const say = leadWords[news.kind]
  const link = { color: tones.link, textDecoration: 'underline' }
  return (
    <div className="edge" style={{ borderTop: `1px solid ${tones.rule}`, padding: '18px 0 0' }}>
      <Heading
        as="h2"
        className="ink"
        style={{ fontSize: 17, lineHeight: '24px', color: tones.ink, margin: '0 0 4px' }}
      >
        {news.name ?? news.email}
      </Heading>
      <Text className="ink" style={{ ...bodyText, color: tones.ink, margin: '0 0 4px' }}>
        {say.heading}
      </Text>
      <Text className="ink" style={{ ...bodyText, color: tones.ink, margin: '0 0 4px' }}>
        {news.phone ? (
          <Link
            href={telHref(news.phone)}
            className="link"
            style={{ ...link, fontWeight: 600, whiteSpace: 'nowrap' }}
          >
            {readablePhone(news.phone)}
          </Link>
        ) : (
          'No phone number'
        )}
        {' · '}
        <Link href={news.markBookedUrl} className="link" style={link}>
          Mark booked
        </Link>
      </Text>
      <Text className="muted" style={{ ...smallText, color: tones.muted, margin: '0 0 18px' }}>
        {say.when}: {news.receivedAt}. {say.source}: {news.source}.
      </Text>
    </div>
  )
}

/** Tells the front desk once a day of all leads of the sources that it does not hear of at once. */
export default function DigestAlert(props: DigestAlertProps) {
  const palette = paletteOf(props.brand.colors)
  const tones = palette.light
  return (
    <Page title={subject(props)} preheader="Phone numbers are inside, newest last." palette={palette}>
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
        {subject(props)}
      </Heading>
      {props.news.map((news) => (
        <News key={news.markBookedUrl + news.kind} news={news} tones={tones} />
      ))}
      <Text className="muted" style={{ ...smallText, color: tones.muted, margin: 0 }}>
        Marking a lead as booked ends their emails; the page asks once more. Please don’t forward this
        message: it holds personal data.
      </Text>
    </Page>
  )
}

const previewProps: DigestAlertProps = {
  brand: sampleBrand,
  news: [
    alertPreviewProps,
    { ...alertPreviewProps, kind: 'unbooked-click', name: 'Robin Vale', phone: null },
    { ...alertPreviewProps, kind: 'finished', name: null },
  ],
}
DigestAlert.PreviewProps = previewProps

/** Names nobody: subjects show on locked screens. */
function subject({ news }: DigestAlertProps): string {
  return news.length === 1 ? 'One lead to look at' : `${news.length} leads to look at`
}

export const digestAlert: AlertTemplate<DigestAlertProps> = { subject, component: DigestAlert, previewProps }
