import { Badge, Button, Card, Group, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Role } from '../../../core/user.ts'
import { api, read } from '../../api.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { fieldErrors } from '../../ui/form-errors.ts'
import { QueryView } from '../../ui/query-view.tsx'
import { RoleSelect } from '../../ui/role-select.tsx'
import { When } from '../../ui/when.tsx'

/** Who may sign in, and as what. */
export function People() {
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: ['users'] })
  const query = useQuery({ queryKey: ['users'], queryFn: () => read(api.users.$get()) })
  const change = useMutation({
    mutationFn: ({ id, role }: { id: string; role: Role }) =>
      read(api.users[':id'].$patch({ param: { id }, json: { role } })),
    onSettled: again,
  })
  const remove = useMutation({
    mutationFn: (id: string) => read(api.users[':id'].$delete({ param: { id } })),
    onSettled: again,
  })
  return (
    <Stack>
      <Invite onDone={again} />
      <QueryView query={query}>
        {({ users }) => (
          <Stack gap="sm">
            {users.map(({ id, email, role, createdAt, isYou }) => (
              <Card key={id} withBorder padding="md">
                <Group justify="space-between" gap="sm">
                  <div>
                    <Group gap="xs">
                      <Text fw={600}>{email}</Text>
                      {isYou && <Badge variant="light">you</Badge>}
                    </Group>
                    <Text size="sm" c="dimmed">
                      Since <When at={createdAt} />
                    </Text>
                  </div>
                  <Group gap="sm">
                    <RoleSelect
                      label={`Role of ${email}`}
                      hideLabel
                      value={role}
                      onChange={(to) => change.mutate({ id, role: to })}
                    />
                    <Confirm
                      button="Remove"
                      title={`Remove ${email}?`}
                      yes="Remove"
                      onYes={() => remove.mutate(id)}
                    >
                      All browsers of this user are signed out at once. What was done stays on record.
                    </Confirm>
                  </Group>
                </Group>
              </Card>
            ))}
          </Stack>
        )}
      </QueryView>
    </Stack>
  )
}

function Invite({ onDone }: { onDone: () => void }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('editor')
  const invite = useMutation({
    meta: { quiet: true },
    mutationFn: () => read(api.users.$post({ json: { email, role } })),
    onSuccess: () => {
      notifications.show({ message: `A link to sign in is on its way to ${email}.` })
      setEmail('')
      onDone()
    },
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate()
  }
  const error = fieldErrors(invite.error).email ?? invite.error?.message
  return (
    <Card withBorder padding="md" component="form" onSubmit={send}>
      <Group align="flex-start" gap="sm">
        <TextInput
          label="Email of a colleague"
          type="email"
          required
          value={email}
          error={error}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <RoleSelect label="Role" value={role} onChange={setRole} />
        <Button type="submit" mt={25} loading={invite.isPending}>
          Let them in
        </Button>
      </Group>
    </Card>
  )
}
