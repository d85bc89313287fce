import { Button, Card, Code, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { Empty } from '../../ui/empty.tsx'
import { Loading } from '../../ui/loading.tsx'
import { When } from '../../ui/when.tsx'

/** What people did, and who, the newest first. */
export function Audit() {
  const query = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) =>
      read(api.audit.$get({ query: pageParam === null ? {} : { before: pageParam } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ entries, isMore }) => (isMore ? (entries.at(-1)?.id ?? null) : null),
  })
  if (query.isError) return <Text role="alert">{query.error.message}</Text>
  if (!query.data) return <Loading />
  const entries = query.data.pages.flatMap((page) => page.entries)
  if (entries.length === 0)
    return (
      <Empty title="Nothing was done yet">Every change that a person or a machine makes stands here.</Empty>
    )
  return (
    <Stack gap="sm">
      <Text c="dimmed">Kept for ever. Times are the clinic’s own.</Text>
      {entries.map(({ id, at, actor, action, subject, detail }) => (
        <Card key={id} withBorder padding="sm">
          <Group gap="xs" justify="space-between">
            <Text fw={600}>{action.replaceAll('-', ' ')}</Text>
            <Text size="sm" c="dimmed">
              <When at={at} />
            </Text>
          </Group>
          <Text size="sm">
            {actor}, on <Code>{subject}</Code>
          </Text>
          {detail !== null && (
            <Text size="sm" c="dimmed" className="secret">
              {JSON.stringify(detail)}
            </Text>
          )}
        </Card>
      ))}
      {query.hasNextPage && (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </Stack>
  )
}
