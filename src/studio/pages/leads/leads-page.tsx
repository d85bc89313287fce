import { Alert, Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { EnrollmentStatus, StopReason } from '../../../core/enrollment.ts'
import { Empty } from '../../ui/empty.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { useMay } from '../../ui/use-me.ts'
import { LeadCard } from './lead-card.tsx'
import { nobody, useLeadOptions, useLeads, type Wanted } from './use-leads.ts'
import { capital, inWords } from './words.ts'

export default function LeadsPage() {
  const [wanted, setWanted] = useState(nobody)
  const [settled] = useDebouncedValue(wanted, 200)
  const maySearch = useMay('editor')
  const change = (part: Partial<Wanted>) => setWanted((before) => ({ ...before, ...part }))
  return (
    <Page title="Leads">
      <Stack>
        {maySearch && (
          <TextInput
            type="search"
            label="Search"
            description="By the start of an address or a name, or by digits of a phone number"
            placeholder="Smith, pat@, 0177"
            value={wanted.text}
            onChange={(event) => change({ text: event.currentTarget.value })}
          />
        )}
        <Filters wanted={wanted} onChange={change} />
        <Found wanted={settled} onClear={() => setWanted(nobody)} />
      </Stack>
    </Page>
  )
}

const any = { value: '', label: 'Any' }

function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (part: Partial<Wanted>) => void }) {
  const { data } = useLeadOptions()
  const named = (name: string) => ({ value: name, label: capital(inWords(name)) })
  const steps = [...new Set(data?.steps.map(({ step }) => step))]
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <NativeSelect
        label="Status"
        value={wanted.status ?? ''}
        data={[any, ...(data?.statuses ?? []).map(named)]}
        onChange={(event) =>
          onChange({ status: (event.currentTarget.value || null) as EnrollmentStatus | null })
        }
      />
      <NativeSelect
        label="Source"
        value={wanted.source ?? ''}
        data={[any, ...(data?.sources ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(event) => onChange({ source: event.currentTarget.value || null })}
      />
      <NativeSelect
        label="Waits for"
        value={wanted.step ?? ''}
        data={[any, ...steps.map((step) => ({ value: step, label: step }))]}
        onChange={(event) => onChange({ step: event.currentTarget.value || null })}
      />
      <NativeSelect
        label="Stopped because"
        value={wanted.stopReason ?? ''}
        data={[any, ...(data?.stopReasons ?? []).map(named)]}
        onChange={(event) =>
          onChange({ stopReason: (event.currentTarget.value || null) as StopReason | null })
        }
      />
    </SimpleGrid>
  )
}

function Found({ wanted, onClear }: { wanted: Wanted; onClear: () => void }) {
  const query = useLeads(wanted)
  if (query.isError)
    return (
      <Alert color="red" title="This could not be loaded" role="alert">
        {query.error.message}
      </Alert>
    )
  if (!query.data) return <Loading />
  const leads = query.data.pages.flatMap((page) => page.leads)
  const [first] = query.data.pages
  const isNarrowed = JSON.stringify(wanted) !== JSON.stringify(nobody)
  if (first && !first.searched) return <Text c="dimmed">Type at least three digits of a number.</Text>
  if (leads.length === 0)
    return isNarrowed ? (
      <Empty title="Nobody matches">
        <Text c="dimmed">Search goes by how a word begins: “smi” finds Smith, “mith” does not.</Text>
        <Button variant="default" onClick={onClear}>
          Show all leads
        </Button>
      </Empty>
    ) : (
      <Empty title="No lead came yet">
        As soon as somebody sends a form that is connected, they stand here, with every mail that they get.
      </Empty>
    )
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" role="status">
        {first?.more
          ? `The first ${leads.length} of many. Type more to narrow it.`
          : `${leads.length} ${leads.length === 1 ? 'lead' : 'leads'}${query.hasNextPage ? ', and more' : ''}`}
      </Text>
      {leads.map((lead) => (
        <LeadCard key={lead.id} lead={lead} />
      ))}
      {query.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      )}
    </Stack>
  )
}
