import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { Empty } from '../../ui/empty.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { CaptureBody } from './capture-body.tsx'
import { useSolve } from './use-problems.ts'

/** Forms that came in and could not be understood. */
export function Captures() {
  const query = useQuery({
    queryKey: ['problems', 'captures'],
    queryFn: () => read(api.problems.captures.$get()),
  })
  return (
    <QueryView query={query}>
      {({ captures }) =>
        captures.length === 0 ? (
          <Empty title="Every form was understood">
            When a form changes and its fields no longer say who wrote, what came stands here until you say
            which field means what. Nothing is lost.
          </Empty>
        ) : (
          <Stack gap="sm">
            {captures.map((capture) => (
              <ParkedCapture key={capture.id} {...capture} />
            ))}
          </Stack>
        )
      }
    </QueryView>
  )
}

type Parked = { id: string; source: string; reason: string | null; receivedAt: string }

/** One form that was not understood, or was taken for a program's, and what can be done about it. */
export function ParkedCapture({
  id,
  source,
  reason,
  receivedAt,
  isSuspect = false,
}: Parked & { isSuspect?: boolean }) {
  const mayAct = useMay('editor')
  const [isOpen, { toggle }] = useDisclosure(false)
  const replay = useSolve(
    () => read(api.problems.captures[':id'].replay.$post({ param: { id } })),
    ({ status }) => (status === 'mapped' ? 'Understood: the lead is there.' : `The form is ${status}.`),
  )
  const aside = useSolve(
    () => read(api.problems.captures[':id'].aside.$post({ param: { id } })),
    () => 'Set aside. It stays stored.',
  )
  return (
    <Card withBorder padding="md">
      <Text fw={600}>{source}</Text>
      <Text size="sm">{reason}</Text>
      <Text size="sm" c="dimmed">
        <When at={receivedAt} />
      </Text>
      {mayAct && (
        <Group gap="sm" mt="sm">
          <Button variant="default" aria-expanded={isOpen} onClick={toggle}>
            {isOpen ? 'Hide what came' : 'See what came'}
          </Button>
          <Button loading={replay.isPending} onClick={() => replay.mutate(undefined)}>
            {isSuspect ? 'It was a person' : 'Try again'}
          </Button>
          {!isSuspect && (
            <Button variant="default" loading={aside.isPending} onClick={() => aside.mutate(undefined)}>
              Set aside
            </Button>
          )}
        </Group>
      )}
      {isOpen && <CaptureBody id={id} canMap={!isSuspect} />}
    </Card>
  )
}
