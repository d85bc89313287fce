import { Anchor, Button, Group, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, read } from '../../api.ts'
import { fieldErrors } from '../../ui/form-errors.ts'
import { useMay, useMe } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { StepCard } from './step-card.tsx'

type Test = { done: boolean; at: string | null; status: string | null; reason: string | null }

/** A lead of one's own, sent through as a form would. */
export function TestStep({ test }: { test: Test }) {
  const queries = useQueryClient()
  const mayEdit = useMay('editor')
  const { data: me } = useMe()
  const [email, setEmail] = useState('')
  const run = useMutation({
    meta: { quiet: true },
    mutationFn: () => read(api['first-steps']['test-lead'].$post({ json: { email } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['first-steps'] }),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    run.mutate()
  }
  return (
    <StepCard title="A test lead, sent through" state={test.done ? 'done' : 'open'}>
      <Text mb="sm">
        {test.at === null ? (
          'An address of your own goes through everything that a lead does: stored, enrolled, mailed.'
        ) : (
          <>
            Sent <When at={test.at} />.{' '}
            {test.done
              ? 'Its first email was taken by the provider.'
              : test.status
                ? `Its first email is ${test.status}${test.reason ? `: ${test.reason}` : ''}.`
                : 'It got no email: perhaps this address is suppressed, or is a lead already.'}{' '}
            {me?.inbox && (
              <Anchor href={me.inbox} target="_blank" rel="noreferrer">
                See the sandbox inbox
              </Anchor>
            )}
          </>
        )}
      </Text>
      {mayEdit && (
        <form onSubmit={send}>
          <Group align="flex-end" gap="sm">
            <TextInput
              label="Your address"
              type="email"
              required
              maxLength={254}
              value={email}
              error={fieldErrors(run.error).email ?? run.error?.message}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Button type="submit" variant={test.done ? 'default' : 'filled'} loading={run.isPending}>
              Send it
            </Button>
          </Group>
        </form>
      )}
    </StepCard>
  )
}
