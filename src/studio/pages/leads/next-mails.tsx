import { Button, Group, Stack, Text } from '@mantine/core'
import { Link } from 'wouter'
import { InZone } from '../../ui/in-zone.tsx'
import { useMay } from '../../ui/use-me.ts'
import type { LeadView } from './lead-view.ts'
import { MailButton } from './mail-dialog.tsx'
import { inWords } from './words.ts'

/** What is still to go out, in the lead's time and the clinic's; or why nothing is. */
export function NextMails({ view, clinicZone }: { view: LeadView; clinicZone: string }) {
  const mayAct = useMay('editor')
  if (view.next.length === 0)
    return (
      <Text size="sm">
        Nothing.{' '}
        {view.status === 'stopped' && view.stopReason
          ? `The mails were stopped: ${inWords(view.stopReason)}.`
          : view.status === 'finished'
            ? 'The sequence is finished.'
            : view.status === null
              ? 'This lead is in no sequence.'
              : ''}
      </Text>
    )
  return (
    <Stack gap="sm">
      {view.pace.slow && <Text size="sm">The lead asked for fewer mails: they come half as often.</Text>}
      {view.pace.pausedUntil && new Date(view.pace.pausedUntil) > new Date() && (
        <Text size="sm">
          The lead asked for a pause, until <InZone at={view.pace.pausedUntil} timeZone={view.timeZone} />.
        </Text>
      )}
      {view.next.map(({ id, step, status, dueAt, reason }) => (
        <div key={id}>
          <Text size="sm">
            <Text span fw={600}>
              {step}
            </Text>{' '}
            {inWords(status)}
            {reason ? ` (${reason})` : ''}
          </Text>
          {status === 'waiting' && (
            <Text size="sm" c="dimmed">
              <InZone at={dueAt} timeZone={view.timeZone} /> for the lead
              {clinicZone !== view.timeZone && (
                <>
                  , <InZone at={dueAt} timeZone={clinicZone} /> at the clinic
                </>
              )}
            </Text>
          )}
          <Group gap="xs" mt={4}>
            <MailButton leadId={view.lead.id} mailId={id} step={step} />
            {(status === 'failed' || status === 'parked') && mayAct && (
              <Button component={Link} href="/problems/mails" variant="default" size="compact-sm">
                Decide what to do
              </Button>
            )}
          </Group>
        </div>
      ))}
    </Stack>
  )
}
