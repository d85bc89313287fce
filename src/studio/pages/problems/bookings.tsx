import { Anchor, Button, Card, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { api, read } from '../../api.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty } from '../../ui/empty.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { nobody, useLeads } from '../leads/use-leads.ts'
import { nameOf } from '../leads/words.ts'
import { useSolve } from './use-problems.ts'

/** Bookings of which nobody can tell for sure whose they are. */
export function Bookings() {
  const query = useQuery({
    queryKey: ['problems', 'bookings'],
    queryFn: () => read(api.problems.bookings.$get()),
  })
  return (
    <QueryView query={query}>
      {({ bookings }) =>
        bookings.length === 0 ? (
          <Empty title="Every booking has its lead">
            A booking that may be one of two people’s stands here until you say whose it is.
          </Empty>
        ) : (
          <Stack gap="sm">
            {bookings.map((booking) => (
              <Card key={booking.id} withBorder padding="md">
                <Text fw={600}>
                  {booking.tool}, {booking.status}
                  {booking.startsAt && (
                    <>
                      , for <When at={booking.startsAt} />
                    </>
                  )}
                </Text>
                <Text size="sm">{booking.doubt}</Text>
                <Text size="sm" c="dimmed" className="secret">
                  {[booking.email, booking.phone].filter(Boolean).join(' · ')}
                </Text>
                <Whose bookingId={booking.id} candidates={booking.candidates} />
              </Card>
            ))}
          </Stack>
        )
      }
    </QueryView>
  )
}

type Person = {
  id: string
  email: string | null
  firstName: string | null
  lastName: string | null
  phone: string | null
}

function Whose({
  bookingId,
  candidates,
}: {
  bookingId: string
  candidates: readonly (Person & { isAssigned: boolean })[]
}) {
  const mayAct = useMay('editor')
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text, 200)
  const assign = useSolve(
    (leadId: string) =>
      read(api.problems.bookings[':id'].assign.$post({ param: { id: bookingId }, json: { leadId } })),
    () => 'Assigned: that lead’s mails follow the booking.',
  )
  const disown = useSolve(
    () => read(api.problems.bookings[':id'].disown.$post({ param: { id: bookingId } })),
    () => 'Noted as nobody’s.',
  )
  const give = (person: Person) => (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`It is theirs: ${nameOf(person)}`}
      onClick={() => assign.mutate(person.id)}
    >
      It is theirs
    </Button>
  )
  return (
    <Stack gap="xs" mt="sm">
      {candidates.map((person) => (
        <Candidate key={person.id} person={person} note={person.isAssigned ? 'has it now' : null}>
          {mayAct && give(person)}
        </Candidate>
      ))}
      {mayAct && (
        <TextInput
          label="Somebody else"
          description="The start of a name or address, or digits of a number"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {mayAct && settled !== '' && <Others text={settled} give={give} />}
      {mayAct && (
        <div>
          <Confirm
            button="It is nobody’s"
            title="Is it nobody’s?"
            yes="Yes, it is nobody’s"
            onYes={() => disown.mutate(undefined)}
          >
            <Text size="sm">
              Say so when whoever booked is no lead of yours. The booking stays stored without its address and
              number, no form that comes later is taken for its maker’s, and it leaves this list. A lead who
              was stopped because of it stays stopped.
            </Text>
          </Confirm>
        </div>
      )}
    </Stack>
  )
}

function Others({ text, give }: { text: string; give: (person: Person) => ReactNode }) {
  const { data } = useLeads({ ...nobody, text })
  const leads = data?.pages[0]?.leads.slice(0, 5) ?? []
  if (data && leads.length === 0) return <Text size="sm">Nobody matches.</Text>
  return leads.map((person) => (
    <Candidate key={person.id} person={person} note={null}>
      {give(person)}
    </Candidate>
  ))
}

function Candidate({ person, note, children }: { person: Person; note: string | null; children: ReactNode }) {
  return (
    <Group gap="sm" justify="space-between">
      <div>
        <Anchor component={Link} href={`/leads/${person.id}`}>
          {nameOf(person)}
        </Anchor>
        <Text size="sm" c="dimmed" className="secret">
          {[person.email, person.phone, note].filter(Boolean).join(' · ')}
        </Text>
      </div>
      {children}
    </Group>
  )
}
