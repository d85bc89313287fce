import { Anchor, Button, Card, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { InferResponseType } from 'hono/client'
import { Link } from 'wouter'
import { api, read } from '../../api.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty } from '../../ui/empty.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { nameOf } from '../leads/words.ts'
import { useSolve } from './use-problems.ts'

type Choice = 'retry' | 'skip' | 'sent'
type Mail = Extract<InferResponseType<typeof api.problems.mails.$get>, { mails: unknown }>['mails'][number]

const said: Readonly<Record<Choice, string>> = {
  retry: 'It waits to be sent again, in its window.',
  skip: 'Skipped. The sequence goes on with the next step.',
  sent: 'Noted as sent. The sequence goes on with the next step.',
}

/** Mails that failed, or of which nobody knows whether they went out. */
export function Mails() {
  const query = useQuery({ queryKey: ['problems', 'mails'], queryFn: () => read(api.problems.mails.$get()) })
  return (
    <QueryView query={query}>
      {({ mails }) =>
        mails.length === 0 ? (
          <Empty title="No mail waits for you">
            A mail that failed, or of which nobody knows whether it went out, is never sent again by itself.
            It stands here with what is known, and its lead gets nothing else until you decide.
          </Empty>
        ) : (
          <Stack gap="sm">
            {byEnvelope(mails).map(([first, ...others]) =>
              first!.dispatchId && others.length > 0 ? (
                <Envelope key={first!.dispatchId} mails={[first!, ...others]} />
              ) : (
                <One key={first!.id} mail={first!} />
              ),
            )}
          </Stack>
        )
      }
    </QueryView>
  )
}

/** Parked mails of one envelope stand together: what is known of it is known of all of them. */
function byEnvelope(mails: readonly Mail[]): Mail[][] {
  const groups = Map.groupBy(mails, ({ id, status, dispatchId }) => (status === 'parked' && dispatchId) || id)
  return [...groups.values()]
}

function Who({ mail }: { mail: Mail }) {
  return (
    <Anchor component={Link} href={`/leads/${mail.leadId}`}>
      {nameOf(mail)}
    </Anchor>
  )
}

function One({ mail }: { mail: Mail }) {
  const settle = useSolve(
    async (choice: Choice) => {
      await read(api.problems.mails[':id'].settle.$post({ param: { id: mail.id }, json: { choice } }))
      return choice
    },
    (choice) => said[choice],
  )
  return (
    <Card withBorder padding="md">
      <Text fw={600}>
        {mail.step} to <Who mail={mail} />, {mail.status}
      </Text>
      <Known mail={mail} />
      <Choices isParked={mail.status === 'parked'} what="this mail" onChoose={settle.mutate} />
    </Card>
  )
}

function Envelope({ mails }: { mails: readonly Mail[] }) {
  const [first] = mails
  const settle = useSolve(
    async (choice: Choice) => {
      const id = first!.dispatchId!
      await read(api.problems.dispatches[':id'].settle.$post({ param: { id }, json: { choice } }))
      return choice
    },
    (choice) => said[choice],
  )
  return (
    <Card withBorder padding="md">
      <Text fw={600}>{mails.length} mails of one envelope, parked</Text>
      <Known mail={first!} />
      <Text size="sm">
        To{' '}
        {mails.map((mail, index) => (
          <span key={mail.id}>
            {index > 0 && ', '}
            <Who mail={mail} />
          </span>
        ))}
      </Text>
      <Choices isParked what="all of them" onChoose={settle.mutate} />
    </Card>
  )
}

/** What is known of a mail: why it is here, and each call that was made for it. */
function Known({ mail }: { mail: Mail }) {
  return (
    <>
      <Text size="sm">{mail.reason}</Text>
      {mail.proven && (
        <Text size="sm">The provider reported about a mail of this envelope, so it took it.</Text>
      )}
      {mail.attempts.length > 0 && (
        <Stack component="ul" gap={0} my="xs" className="attempts">
          {mail.attempts.map(({ startedAt, outcome, statusCode, errorName }) => (
            <Text component="li" size="sm" c="dimmed" key={startedAt}>
              Called <When at={startedAt} />: {outcome ?? 'no answer was seen'}
              {statusCode ? `, status ${statusCode}` : ''}
              {errorName ? `, ${errorName}` : ''}
            </Text>
          ))}
        </Stack>
      )}
    </>
  )
}

function Choices({
  isParked,
  what,
  onChoose,
}: {
  isParked: boolean
  what: string
  onChoose: (choice: Choice) => void
}) {
  if (!useMay('editor')) return null
  return (
    <Group gap="sm" mt="sm">
      {isParked && (
        <Confirm
          button="It arrived"
          title="Did it arrive?"
          yes="Yes, it arrived"
          danger={false}
          onYes={() => onChoose('sent')}
        >
          Counts {what} as sent and goes on with the next step. Look in the provider’s own list of mails
          first.
        </Confirm>
      )}
      <Confirm button="Send it again" title="Send it again?" yes="Send again" onYes={() => onChoose('retry')}>
        Only when you know that it did not arrive: otherwise somebody gets the same mail twice. It goes out in
        its window.
      </Confirm>
      <Button variant="default" onClick={() => onChoose('skip')}>
        Skip it
      </Button>
    </Group>
  )
}
