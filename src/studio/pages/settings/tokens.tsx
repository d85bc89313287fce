import { Alert, Button, Card, Code, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Role } from '../../../core/user.ts'
import { api, read } from '../../api.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty } from '../../ui/empty.tsx'
import { fieldErrors } from '../../ui/form-errors.ts'
import { QueryView } from '../../ui/query-view.tsx'
import { RoleSelect } from '../../ui/role-select.tsx'
import { When } from '../../ui/when.tsx'

/** Tokens with which other programs use the studio's interface. */
export function Tokens() {
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: ['tokens'] })
  const query = useQuery({ queryKey: ['tokens'], queryFn: () => read(api.tokens.$get()) })
  const revoke = useMutation({
    mutationFn: (id: string) => read(api.tokens[':id'].$delete({ param: { id } })),
    onSettled: again,
  })
  return (
    <Stack>
      <NewToken onDone={again} />
      <QueryView query={query}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <Empty title="No machine has a token">
              A program that reads results or adds words needs one. It sends it as “Authorization: Bearer …”.
            </Empty>
          ) : (
            <Stack gap="sm">
              {tokens.map(({ id, name, role, createdBy, createdAt, lastUsedAt }) => (
                <Card key={id} withBorder padding="md">
                  <Group justify="space-between" gap="sm">
                    <div>
                      <Text fw={600}>
                        {name}, {role}
                      </Text>
                      <Text size="sm" c="dimmed">
                        Made by {createdBy}, <When at={createdAt} />.{' '}
                        {lastUsedAt ? (
                          <>
                            Last used <When at={lastUsedAt} />.
                          </>
                        ) : (
                          'Never used.'
                        )}
                      </Text>
                    </div>
                    <Confirm
                      button="Revoke"
                      title={`Revoke ${name}?`}
                      yes="Revoke"
                      onYes={() => revoke.mutate(id)}
                    >
                      Whatever uses it is refused from now on.
                    </Confirm>
                  </Group>
                </Card>
              ))}
            </Stack>
          )
        }
      </QueryView>
    </Stack>
  )
}

function NewToken({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const make = useMutation({
    meta: { quiet: true },
    mutationFn: () => read(api.tokens.$post({ json: { name, role } })),
    onSuccess: () => {
      setName('')
      onDone()
    },
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Card withBorder padding="md" component="form" onSubmit={send}>
      <Group align="flex-start" gap="sm">
        <TextInput
          label="What will use it"
          required
          maxLength={80}
          value={name}
          error={fieldErrors(make.error).name ?? make.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RoleSelect label="Role" value={role} onChange={setRole} />
        <Button type="submit" mt={25} loading={make.isPending}>
          Make a token
        </Button>
      </Group>
      {make.data && (
        <Alert mt="md" color="pine" title="Copy it now: it is shown this once" role="status">
          <Group gap="sm">
            <Code className="secret">{make.data.secret}</Code>
            <CopyButton value={make.data.secret}>
              {({ copied, copy }) => (
                <Button variant="default" size="compact-sm" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Alert>
      )}
    </Card>
  )
}
