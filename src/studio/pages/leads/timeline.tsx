import { Button, Stack, Text, Timeline as Line } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { When } from '../../ui/when.tsx'
import type { LeadView } from './lead-view.ts'
import { MailButton } from './mail-dialog.tsx'
import { capital, inWords } from './words.ts'

type Entry = LeadView['timeline'][number]

const atFirst = 40

/** All that happened to a lead, newest first. */
export function Timeline({ leadId, entries }: { leadId: string; entries: Entry[] }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? entries : entries.slice(0, atFirst)
  return (
    <Stack align="flex-start">
      <Line bulletSize={14} lineWidth={2}>
        {shown.map((entry, index) => (
          <Line.Item key={index} title={titleOf(entry)}>
            <Text size="sm" c="dimmed">
              <When at={entry.at} />
            </Text>
            <More leadId={leadId} entry={entry} />
          </Line.Item>
        ))}
      </Line>
      {shown.length < entries.length && (
        <Button variant="default" onClick={() => setWhole(true)}>
          Show all {entries.length}
        </Button>
      )}
    </Stack>
  )
}

function titleOf(entry: Entry): string {
  switch (entry.kind) {
    case 'capture':
      return `Sent the form ${entry.source}`
    case 'consent':
      return 'Consent'
    case 'enrolled':
      return `Enrolled in ${entry.sequence}`
    case 'mail':
      return `${capital(entry.step)}: ${inWords(entry.status)}`
    case 'event':
      return `${capital(entry.provider)} reported ${entry.type}`
    case 'click':
      return entry.discount ? 'A program followed the booking button' : 'Followed the booking button'
    case 'reply':
      return 'Replied'
    case 'booking':
      return `Booking: ${entry.status}`
    case 'end':
      return entry.reason ? `Stopped: ${inWords(entry.reason)}` : `The sequence is ${inWords(entry.status)}`
    case 'staff':
      return `${entry.actor} ${inWords(entry.action)}`
    case 'suppressed':
      return `Address suppressed: ${inWords(entry.reason)}`
    case 'reopened':
      return 'Suppression lifted'
  }
}

function More({ leadId, entry }: { leadId: string; entry: Entry }): ReactNode {
  switch (entry.kind) {
    case 'capture':
      return (
        <Small>
          {entry.outcome ? capital(inWords(entry.outcome)) : `The form is ${entry.status}`}.
          {entry.message && <> They wrote: “{entry.message}”</>}
        </Small>
      )
    case 'consent':
      return (
        <Small>
          {capital(inWords(entry.basis))}
          {entry.proof ? `: ${entry.proof}` : ''}
          {entry.textVersion ? `, wording ${entry.textVersion}` : ''}.
          {entry.pageUrl && <> On {entry.pageUrl}</>}
        </Small>
      )
    case 'enrolled':
      return <Small>Through {entry.source}.</Small>
    case 'mail':
      return (
        <Stack gap={4} align="flex-start">
          {entry.reason && <Small>{capital(inWords(entry.reason))}.</Small>}
          {entry.status !== 'cancelled' && <MailButton leadId={leadId} mailId={entry.id} step={entry.step} />}
        </Stack>
      )
    case 'event':
      return entry.status === 'applied' ? null : (
        <Small>
          {capital(entry.status)}
          {entry.reason ? `: ${entry.reason}` : ''}.
        </Small>
      )
    case 'click':
      return <Small>In {entry.step}.</Small>
    case 'reply':
      return (
        <Small>
          {entry.subject} {entry.text && <>“{entry.text}”</>}
        </Small>
      )
    case 'booking':
      return (
        <Small>
          By {entry.tool}
          {entry.startsAt && (
            <>
              , for <When at={entry.startsAt} />
            </>
          )}
          {entry.matchedBy ? `, matched by ${entry.matchedBy}` : ''}.
        </Small>
      )
    default:
      return null
  }
}

const Small = ({ children }: { children: ReactNode }) => (
  <Text size="sm" className="secret">
    {children}
  </Text>
)
