import { Badge, Tabs } from '@mantine/core'
import { useLocation, useParams } from 'wouter'
import { Page } from '../../ui/page.tsx'
import { Bookings } from './bookings.tsx'
import { Captures } from './captures.tsx'
import { Events } from './events.tsx'
import { Mails } from './mails.tsx'
import { Replies } from './replies.tsx'
import { Service } from './service.tsx'
import { Suspects } from './suspects.tsx'
import { useProblemCounts } from './use-problems.ts'

const tabs = [
  { key: 'forms', label: 'Forms', count: 'captures', of: Captures },
  { key: 'mails', label: 'Mails', count: 'mails', of: Mails },
  { key: 'replies', label: 'Replies', count: 'replies', of: Replies },
  { key: 'bookings', label: 'Bookings', count: 'bookings', of: Bookings },
  { key: 'events', label: 'Events', count: 'events', of: Events },
  { key: 'service', label: 'Pauses and alerts', count: 'service', of: Service },
  { key: 'bots', label: 'Suspected bots', count: null, of: Suspects },
] as const

export default function ProblemsPage() {
  const { tab } = useParams<{ tab?: string }>()
  const [, go] = useLocation()
  const { data } = useProblemCounts()
  const open = tabs.find(({ count }) => count && data?.[count])?.key
  const here = tab ?? open ?? 'forms'
  return (
    <Page title="Problems">
      <Tabs value={here} onChange={(to) => to && go(`/problems/${to}`)} keepMounted={false}>
        <Tabs.List mb="md" aria-label="Kinds of problems">
          {tabs.map(({ key, label, count }) => (
            <Tabs.Tab
              key={key}
              value={key}
              rightSection={count && data?.[count] ? <Badge color="red.8">{data[count]}</Badge> : null}
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ key, of: List }) => (
          <Tabs.Panel key={key} value={key}>
            <List />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
