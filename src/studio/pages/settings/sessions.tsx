import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { QueryView } from '../../ui/query-view.tsx'
import { When } from '../../ui/when.tsx'

/** The browsers in which one is signed in, each with a way to end it. */
export function Sessions() {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['sessions'], queryFn: () => read(api.me.sessions.$get()) })
  const end = useMutation({
    mutationFn: (id: string) => read(api.me.sessions[':id'].$delete({ param: { id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  return (
    <QueryView query={query}>
      {({ sessions }) => (
        <Stack gap="sm">
          <Text c="dimmed">
            A browser that is not seen for a week is signed out by itself, each after 30 days.
          </Text>
          {sessions.map(({ id, device, createdAt, seenAt, isThis }) => (
            <Card key={id} withBorder padding="md">
              <Group justify="space-between" gap="sm">
                <div>
                  <Group gap="xs">
                    <Text fw={600}>{device}</Text>
                    {isThis && <Badge variant="light">this one</Badge>}
                  </Group>
                  <Text size="sm" c="dimmed">
                    Since <When at={createdAt} />, last seen <When at={seenAt} />
                  </Text>
                </div>
                {!isThis && (
                  <Button
                    variant="default"
                    loading={end.isPending && end.variables === id}
                    onClick={() => end.mutate(id)}
                  >
                    Sign it out
                  </Button>
                )}
              </Group>
            </Card>
          ))}
        </Stack>
      )}
    </QueryView>
  )
}
