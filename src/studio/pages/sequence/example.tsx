import { NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { read } from '../../api.ts'
import { QueryView } from '../../ui/query-view.tsx'
import { when } from '../../ui/when.ts'
import { nameOf, sequenceApi } from './sequence-api.ts'

const zones = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'Europe/London',
]

/** The dates on which one lead would get the mails: of the draft, while there is one. */
export function Example({
  sequence,
  zone: own,
  version,
}: {
  sequence: string
  zone: string
  version: string
}) {
  const [zone, setZone] = useState(own)
  const [start, setStart] = useState('')
  const example = useQuery({
    queryKey: ['example', sequence, zone, start, version],
    queryFn: () =>
      read(sequenceApi.example.$get({ param: { sequence }, query: start ? { zone, start } : { zone } })),
    placeholderData: keepPreviousData,
  })
  return (
    <Paper withBorder p="md" component="section" aria-label="Example">
      <Stack gap="sm">
        <Title order={2} size="h4">
          What one lead would get
        </Title>
        <NativeSelect
          label="The lead’s zone"
          data={[...new Set([own, ...zones])]}
          value={zone}
          onChange={(event) => setZone(event.currentTarget.value)}
        />
        <TextInput
          label="Fills in the form at"
          description="Empty: now"
          type="datetime-local"
          value={start}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
        <QueryView query={example}>
          {({ drafted, steps }) => (
            <>
              <Text size="sm" className="soft">
                {drafted ? 'By the draft, which is not published yet.' : 'By what is in force.'} Unless the
                lead books or leaves.
              </Text>
              <ol className="dated">
                {steps.map(({ key, dueAt }) => (
                  <li key={key}>
                    <Text size="sm" fw={500}>
                      {nameOf(key)}
                    </Text>
                    <Text size="sm">{when(dueAt, zone)}</Text>
                  </li>
                ))}
              </ol>
            </>
          )}
        </QueryView>
      </Stack>
    </Paper>
  )
}
