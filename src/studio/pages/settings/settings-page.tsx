import { Tabs } from '@mantine/core'
import { useLocation, useParams } from 'wouter'
import { Page } from '../../ui/page.tsx'
import { useMay } from '../../ui/use-me.ts'
import { Audit } from './audit.tsx'
import { Brand } from './brand.tsx'
import { Forms } from './forms.tsx'
import { People } from './people.tsx'
import { Sessions } from './sessions.tsx'
import { Tokens } from './tokens.tsx'

export default function SettingsPage() {
  const { tab } = useParams<{ tab?: string }>()
  const [, go] = useLocation()
  const isAdmin = useMay('admin')
  return (
    <Page title="Settings">
      <Tabs value={tab ?? 'brand'} onChange={(to) => to && go(`/settings/${to}`)} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Settings">
          <Tabs.Tab value="brand">The clinic</Tabs.Tab>
          {isAdmin && <Tabs.Tab value="forms">Forms</Tabs.Tab>}
          <Tabs.Tab value="sessions">Where you are signed in</Tabs.Tab>
          {isAdmin && <Tabs.Tab value="people">People</Tabs.Tab>}
          {isAdmin && <Tabs.Tab value="tokens">Machines</Tabs.Tab>}
          {isAdmin && <Tabs.Tab value="audit">What was done</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="brand">
          <Brand />
        </Tabs.Panel>
        <Tabs.Panel value="forms">
          <Forms />
        </Tabs.Panel>
        <Tabs.Panel value="sessions">
          <Sessions />
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <People />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <Tokens />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <Audit />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
