import { Anchor, Badge, Card, Group, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { EnrollmentStatus, StopReason } from '../../../core/enrollment.ts'
import { InZone } from '../../ui/in-zone.tsx'
import { When } from '../../ui/when.tsx'
import { capital, inWords, nameOf } from './words.ts'

type Row = {
  id: string
  email: string | null
  firstName: string | null
  lastName: string | null
  phone: string | null
  timeZone: string
  createdAt: string
  status: EnrollmentStatus | null
  stopReason: StopReason | null
  source: string | null
  nextStep: string | null
  nextDueAt: string | null
}

/** One lead of a list. */
export function LeadCard({ lead }: { lead: Row }) {
  const { id, email, phone, timeZone, createdAt, source, nextStep, nextDueAt } = lead
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs" align="flex-start">
        <div>
          <Anchor component={Link} href={`/leads/${id}`} fw={600}>
            {nameOf(lead)}
          </Anchor>
          <Text size="sm" c="dimmed" className="secret">
            {[email, phone].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Standing {...lead} />
      </Group>
      <Text size="sm" c="dimmed">
        {source ?? 'No sequence'}, since <When at={createdAt} />
        {nextStep && nextDueAt && (
          <>
            . Next: {nextStep}, <InZone at={nextDueAt} timeZone={timeZone} />
          </>
        )}
      </Text>
    </Card>
  )
}

const colors: Readonly<Record<EnrollmentStatus, string>> = {
  active: 'pine',
  held: 'red.9',
  finished: 'gray.7',
  stopped: 'gray.7',
}

/** Where a lead's mails stand, in a few words. */
export function Standing({ status, stopReason }: Pick<Row, 'status' | 'stopReason'>) {
  if (status === null)
    return (
      <Badge variant="outline" color="gray.7">
        no mails
      </Badge>
    )
  const why = status === 'stopped' && stopReason ? `: ${inWords(stopReason)}` : ''
  return (
    <Badge color={colors[status]} tt="none">
      {capital(status === 'active' ? 'running' : status)}
      {why}
    </Badge>
  )
}
