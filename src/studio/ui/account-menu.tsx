import { Button, Menu } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, read } from '../api.ts'
import { useMe } from './use-me.ts'

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { data } = useMe()
  const signOut = useMutation({
    mutationFn: () => read(api.me['sign-out'].$post()),
    onSuccess: () => window.location.assign('/studio/sign-in'),
  })
  if (!data) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" size="compact-md">
          Account
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {data.email}, {data.role}
        </Menu.Label>
        {data.role === 'admin' && (
          <Menu.Item component="a" href="/studio/queues">
            Queues
          </Menu.Item>
        )}
        <Menu.Item onClick={() => signOut.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
