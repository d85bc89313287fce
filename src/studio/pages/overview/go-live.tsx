import { Alert, Button, Code, Group, List, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError, api, read } from '../../api.ts'
import { useMay } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { StepCard } from './step-card.tsx'

type Live = {
  done: { by: string; at: string } | null
  mode: 'live' | 'sandbox'
  missing: readonly { name: string; expected: string }[]
}

const stepNames: ReadonlySet<string> = new Set(['brand', 'note', 'call', 'form', 'test'])

/** The last look: the button says what is still missing, and once nothing is, that the clinic is live. */
export function GoLive({ live }: { live: Live }) {
  const queries = useQueryClient()
  const isAdmin = useMay('admin')
  const go = useMutation({
    meta: { quiet: true },
    mutationFn: () => read(api['first-steps']['go-live'].$post()),
    onSettled: () => queries.invalidateQueries({ queryKey: ['first-steps'] }),
  })
  const missing = go.error instanceof ApiError ? go.error.fields : []
  const steps = missing.filter(({ field }) => stepNames.has(field))
  const settings = missing.filter(({ field }) => !stepNames.has(field))
  return (
    <StepCard title="Going live" state={live.done ? 'done' : 'open'}>
      {live.done ? (
        <Text>
          Live since <When at={live.done.at} />, by {live.done.by}.
        </Text>
      ) : (
        <>
          <Text mb="sm">
            {live.mode === 'sandbox'
              ? 'Real mail needs settings that only the engineer can make, and a restart. The button says which.'
              : 'Mail goes to real people. The button looks once more that nothing is missing.'}
          </Text>
          {isAdmin && (
            <Group>
              <Button loading={go.isPending} onClick={() => go.mutate()}>
                Go live
              </Button>
            </Group>
          )}
        </>
      )}
      {go.error && (
        <Alert mt="md" color="orange" title={go.error.message} role="alert">
          {steps.length > 0 && (
            <>
              <Text fw={600}>Here</Text>
              <List mb="sm">
                {steps.map(({ field, message }) => (
                  <List.Item key={field}>{message}</List.Item>
                ))}
              </List>
            </>
          )}
          {settings.length > 0 && (
            <>
              <Text fw={600}>In the environment (the file .env.example explains each)</Text>
              <List>
                {settings.map(({ field, message }) => (
                  <List.Item key={field} className="secret">
                    <Code>{field}</Code> {message}
                  </List.Item>
                ))}
              </List>
            </>
          )}
        </Alert>
      )}
    </StepCard>
  )
}
