import { Alert, Anchor, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link, useParams } from 'wouter'
import { InZone } from '../../ui/in-zone.tsx'
import { Page } from '../../ui/page.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { When } from '../../ui/when.tsx'
import { useMe } from '../../ui/use-me.ts'
import { LeadActions } from './lead-actions.tsx'
import { Standing } from './lead-card.tsx'
import { NextMails } from './next-mails.tsx'
import { Timeline } from './timeline.tsx'
import { useLead } from './use-leads.ts'
import { inWords, nameOf } from './words.ts'

export default function LeadPage() {
  const { id = '' } = useParams<{ id: string }>()
  const query = useLead(id)
  const { data: me } = useMe()
  return (
    <Page title={query.data ? nameOf(query.data.lead) : 'Lead'}>
      <QueryView query={query}>
        {(view) => (
          <Stack>
            <Anchor component={Link} href="/leads" size="sm">
              All leads
            </Anchor>
            {view.lead.erasedAt && (
              <Alert color="gray" title="This person was erased">
                <When at={view.lead.erasedAt} />. What was sent when, and why it stopped, remains; who it was
                does not.
              </Alert>
            )}
            {view.suppressed && (
              <Alert color="orange" title="Nothing is mailed to this address">
                Suppressed since <When at={view.suppressed.since} />: {inWords(view.suppressed.reason)}. That
                holds for every form it may come back through.
              </Alert>
            )}
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Card withBorder padding="md" component="section" aria-label="Who">
                <Stack gap={4}>
                  <Group gap="xs">
                    <Standing {...view} />
                  </Group>
                  <Fact name="Address">{view.lead.email}</Fact>
                  <Fact name="Phone">{view.lead.phone}</Fact>
                  <Fact name="Postal code">{view.lead.postalCode}</Fact>
                  <Fact name="Sequence">{view.sequence}</Fact>
                  <Fact name="Time zone">
                    {view.timeZone}, now <InZone at={new Date()} timeZone={view.timeZone} />
                  </Fact>
                </Stack>
              </Card>
              <Card withBorder padding="md" component="section" aria-label="What comes next">
                <Title order={2} size="h4" mb="xs">
                  What comes next
                </Title>
                <NextMails view={view} clinicZone={me?.clinic.timeZone ?? view.timeZone} />
              </Card>
            </SimpleGrid>
            <LeadActions view={view} />
            <section aria-labelledby="story">
              <Title order={2} size="h4" mb="sm" id="story">
                What happened
              </Title>
              <Timeline leadId={view.lead.id} entries={view.timeline} />
            </section>
          </Stack>
        )}
      </QueryView>
    </Page>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null
  return (
    <Text size="sm" className="secret">
      <Text span c="dimmed">
        {name}:
      </Text>{' '}
      {children}
    </Text>
  )
}
