import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { Empty } from '../../ui/empty.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { useSolve } from './use-problems.ts'

/** Reports of the mail provider and of booking tools that could not be used. */
export function Events() {
  const query = useQuery({
    queryKey: ['problems', 'events'],
    queryFn: () => read(api.problems.events.$get()),
  })
  const mayAct = useMay('editor')
  const replay = useSolve(
    (id: string) => read(api.problems.events[':id'].replay.$post({ param: { id } })),
    () => 'Tried again. If it is still here, its cause is not mended.',
  )
  const aside = useSolve(
    (id: string) => read(api.problems.events[':id'].aside.$post({ param: { id } })),
    () => 'Set aside. It stays stored.',
  )
  return (
    <QueryView query={query}>
      {({ events }) =>
        events.length === 0 ? (
          <Empty title="Every report was understood">
            What the mail provider or the booking tool reports and the service cannot use stands here.
          </Empty>
        ) : (
          <Stack gap="sm">
            {events.map(({ id, provider, reason, receivedAt }) => (
              <Card key={id} withBorder padding="md">
                <Text fw={600}>{provider}</Text>
                <Text size="sm">{reason}</Text>
                <Text size="sm" c="dimmed">
                  <When at={receivedAt} />
                </Text>
                {mayAct && (
                  <Group gap="sm" mt="sm">
                    <Button onClick={() => replay.mutate(id)}>Try again</Button>
                    <Button variant="default" onClick={() => aside.mutate(id)}>
                      Set aside
                    </Button>
                  </Group>
                )}
              </Card>
            ))}
          </Stack>
        )
      }
    </QueryView>
  )
}
