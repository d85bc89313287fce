import { Anchor, Button, Card, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api, read } from '../../api.ts'
import { Empty } from '../../ui/empty.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { useSolve } from './use-problems.ts'

/** What people answered to a mail and nobody has answered yet. */
export function Replies() {
  const mayAct = useMay('editor')
  const query = useQuery({
    enabled: mayAct,
    queryKey: ['problems', 'replies'],
    queryFn: () => read(api.problems.replies.$get()),
  })
  const answered = useSolve(
    (id: string) => read(api.problems.replies[':id'].answered.$post({ param: { id } })),
    () => 'Taken off the list.',
  )
  if (!mayAct)
    return <Empty title="Replies are for editors and admins">What people wrote is for who answers.</Empty>
  return (
    <QueryView query={query}>
      {({ replies }) =>
        replies.length === 0 ? (
          <Empty title="Every reply was answered">
            Whoever replies to a mail gets no more of the sequence, and stands here until somebody has
            answered.
          </Empty>
        ) : (
          <Stack gap="sm">
            {replies.map(({ id, sender, subject, text, step, leadId, attachments, receivedAt }) => (
              <Card key={id} withBorder padding="md">
                <Text fw={600} className="secret">
                  {leadId ? (
                    <Anchor component={Link} href={`/leads/${leadId}`}>
                      {sender ?? 'A lead'}
                    </Anchor>
                  ) : (
                    (sender ?? 'Nobody knows who')
                  )}
                  {step ? `, to ${step}` : ''}
                </Text>
                <Text size="sm" c="dimmed">
                  <When at={receivedAt} />
                </Text>
                {subject && <Text size="sm">{subject}</Text>}
                {attachments > 0 && (
                  <Text size="sm">With {attachments} files, which are in the clinic’s own mailbox.</Text>
                )}
                {text && (
                  <pre className="mail-text" tabIndex={0} aria-label="The reply">
                    {text}
                  </pre>
                )}
                <Group gap="sm" mt="sm">
                  <Button onClick={() => answered.mutate(id)}>It is answered</Button>
                </Group>
              </Card>
            ))}
          </Stack>
        )
      }
    </QueryView>
  )
}
