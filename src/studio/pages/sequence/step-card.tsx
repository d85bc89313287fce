import { Anchor, Badge, Group, Paper, Stack, Switch, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { MailThumbnail } from '../../ui/mail-frame.tsx'
import { nameOf, type StepView } from './sequence-api.ts'
import classes from './sequence.module.css'
import { timeOf } from './times.ts'

const reasons: Readonly<Record<string, string>> = {
  booked: 'booked a call',
  unsubscribed: 'unsubscribed',
  complained: 'marked a mail as spam',
  bounced: 'the address bounced',
  suppressed: 'the address is suppressed',
  replied: 'replied',
  staff: 'stopped by staff',
  erased: 'erased',
  skipped: 'this mail was skipped by staff',
}

function Figure({ label, value }: { label: string; value: number }) {
  return (
    <div>
      <Text size="xl" fw={600} lh={1.1}>
        {value.toLocaleString()}
      </Text>
      <Text size="sm" className="soft">
        {label}
      </Text>
    </div>
  )
}

/** One step: what it looks like, when it goes, who waits for it, and who left before it. */
export function StepCard({
  step,
  mayEdit,
  onSwitch,
  children,
}: {
  step: StepView
  mayEdit: boolean
  onSwitch: (on: boolean) => void
  children?: ReactNode
}) {
  const { key, template, subject, preheader, on, fixed, tally } = step
  const stopped = tally.stopped.reduce((sum, { count }) => sum + count, 0)
  const name = nameOf(key)
  return (
    <Paper
      withBorder
      p="md"
      component="li"
      className={classes.step}
      data-step={key}
      data-off={!on || undefined}
    >
      <div className={classes.row}>
        <MailThumbnail look={{ template, of: 'in-force' }} width={150} height={190} />
        <Stack gap="xs" className={classes.body}>
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <Title order={2} size="h4">
                {name}
              </Title>
              {!on && (
                <Badge color="gray" variant="outline">
                  Off for new leads
                </Badge>
              )}
            </Group>
            {mayEdit && (
              <Switch
                label={on ? 'On' : 'Off'}
                aria-label={`${name} is on`}
                checked={on}
                disabled={fixed}
                onChange={(event) => onSwitch(event.currentTarget.checked)}
              />
            )}
          </Group>
          <div>
            <Text fw={500}>{subject}</Text>
            <Text size="sm" className="soft">
              {preheader}
            </Text>
          </div>
          <Text size="sm">{timeOf(step)}</Text>
          {children}
          <Group gap="xl">
            <Figure label="waiting" value={tally.waiting} />
            <Figure label="sent" value={tally.sent} />
            <Figure label="left before it" value={stopped} />
          </Group>
          {stopped > 0 && (
            <Text size="sm" className="soft">
              {tally.stopped.map(({ reason, count }) => `${count} ${reasons[reason] ?? reason}`).join(', ')}
            </Text>
          )}
          {tally.bounced + tally.complained + tally.trouble > 0 && (
            <Text size="sm" className="worth-a-look">
              {[
                [tally.bounced, 'bounced'],
                [tally.complained, 'marked as spam'],
                [tally.trouble, 'could not go out and wait for a person'],
              ]
                .filter(([count]) => Number(count) > 0)
                .map(([count, what]) => `${count} ${what}`)
                .join(', ')}
            </Text>
          )}
          <Anchor
            component={Link}
            href={`/mails/${template}`}
            aria-label={`${mayEdit ? 'Edit' : 'Read'} the words of ${name}`}
          >
            {mayEdit ? 'Edit' : 'Read'} the words
          </Anchor>
        </Stack>
      </div>
    </Paper>
  )
}
