import { Button, Group, List, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { StepCard } from './step-card.tsx'

/** The records of the sender's domain, as the internet sees them now. */
export function SenderStep() {
  const query = useQuery({
    queryKey: ['sender'],
    queryFn: () => read(api['first-steps'].sender.$get()),
    staleTime: 60_000,
  })
  const records = query.data?.records
  const isOffline = records?.every(({ state }) => state === 'unknown') ?? false
  const state =
    !records || isOffline ? 'unknown' : records.every((one) => one.state === 'found') ? 'done' : 'open'
  return (
    <StepCard title="The sender’s domain" state={state}>
      {query.isError && <Text role="alert">{query.error.message}</Text>}
      {query.isPending && (
        <Group gap="sm" role="status">
          <Loader size="sm" aria-hidden />
          <Text>Asking the name servers…</Text>
        </Group>
      )}
      {isOffline ? (
        <Text mb="sm">
          No name server answered, so nothing is known. Is this machine online? Sending does not depend on
          this look.
        </Text>
      ) : (
        <List spacing="xs" mb="sm">
          {records?.map(({ kind, name, state: one, found, advice }) => (
            <List.Item key={kind}>
              <Text fw={600} component="span">
                {kind}
              </Text>{' '}
              <Text component="span" className="secret">
                at {name}: {one === 'found' ? 'found' : one === 'missing' ? 'missing' : 'no answer'}
              </Text>
              <Text size="sm" c="dimmed" className="secret">
                {one === 'found' ? found : one === 'missing' ? advice : 'Look again in a moment.'}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
      {!query.isPending && (
        <Button variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
          Look again
        </Button>
      )}
    </StepCard>
  )
}
