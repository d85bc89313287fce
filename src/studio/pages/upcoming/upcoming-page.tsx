import { Alert, Anchor, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api, read } from '../../api.ts'
import { Empty } from '../../ui/empty.tsx'
import { InZone } from '../../ui/in-zone.tsx'
import { Page } from '../../ui/page.tsx'
import { useMe } from '../../ui/use-me.ts'
import { nameOf } from '../leads/words.ts'
import { Loading } from '../../ui/loading.tsx'

const days = 7

/** A day as the clinic's calendar has it. */
const dayOf = (at: string, timeZone: string) =>
  new Date(at).toLocaleDateString('en-US', { timeZone, weekday: 'long', month: 'long', day: 'numeric' })

export default function UpcomingPage() {
  const { data: me } = useMe()
  const query = useInfiniteQuery({
    queryKey: ['upcoming'],
    queryFn: ({ pageParam }) =>
      read(
        api.upcoming.$get({
          query: {
            days: String(days),
            ...(pageParam ? { afterDue: pageParam.dueAt, afterId: pageParam.id } : {}),
          },
        }),
      ),
    initialPageParam: null as { dueAt: string; id: string } | null,
    getNextPageParam: (page) => (page.more ? page.mails.at(-1) : null),
  })
  const clinicZone = me?.clinic.timeZone
  if (query.isError)
    return (
      <Page title="Upcoming mails">
        <Alert color="red" title="This could not be loaded" role="alert">
          {query.error.message}
        </Alert>
      </Page>
    )
  if (!query.data || !clinicZone)
    return (
      <Page title="Upcoming mails">
        <Loading />
      </Page>
    )
  const mails = query.data.pages.flatMap((page) => page.mails)
  const total = query.data.pages[0]?.total ?? 0
  const byDay = Map.groupBy(mails, ({ dueAt }) => dayOf(dueAt, clinicZone))
  return (
    <Page title="Upcoming mails">
      {mails.length === 0 ? (
        <Empty title={`Nothing is due in the next ${days} days`}>
          Mails are planned when a lead sends a form, and after each mail that went out.
        </Empty>
      ) : (
        <Stack>
          <Text c="dimmed">
            {total.toLocaleString('en-US')} {total === 1 ? 'mail is' : 'mails are'} due in the next {days}{' '}
            days. Each goes out in its reader’s own time; days are the clinic’s.
          </Text>
          {[...byDay].map(([day, ofDay]) => (
            <section key={day} aria-label={day}>
              <Title order={2} size="h4" mb="xs">
                {day}
              </Title>
              <Stack gap="xs">
                {ofDay.map(({ id, dueAt, step, leadId, timeZone, reason, ...lead }) => (
                  <Card key={id} withBorder padding="xs">
                    <Group justify="space-between" gap="xs">
                      <Anchor component={Link} href={`/leads/${leadId}`}>
                        {nameOf(lead)}
                      </Anchor>
                      <Text size="sm">
                        {step}, <InZone at={dueAt} timeZone={timeZone} />
                        {timeZone !== clinicZone && (
                          <Text span c="dimmed">
                            {' '}
                            (<InZone at={dueAt} timeZone={clinicZone} /> here)
                          </Text>
                        )}
                      </Text>
                    </Group>
                    {reason && (
                      <Text size="sm" c="dimmed">
                        {reason}
                      </Text>
                    )}
                  </Card>
                ))}
              </Stack>
            </section>
          ))}
          {query.hasNextPage && (
            <Group justify="center">
              <Button
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Page>
  )
}
