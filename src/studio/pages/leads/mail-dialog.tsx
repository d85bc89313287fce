import { Alert, Button, Modal, Tabs, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { QueryView } from '../../ui/query-view.tsx'

/** Opens a mail as its reader got it, or will get it. */
export function MailButton({ leadId, mailId, step }: { leadId: string; mailId: string; step: string }) {
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open} aria-label={`See the mail ${step}`}>
        See the mail
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={`The mail ${step}`}
        size="xl"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Mail leadId={leadId} mailId={mailId} />
      </Modal>
    </>
  )
}

function Mail({ leadId, mailId }: { leadId: string; mailId: string }) {
  const query = useQuery({
    queryKey: ['mail', mailId],
    queryFn: () => read(api.leads[':id'].mails[':mail'].$get({ param: { id: leadId, mail: mailId } })),
  })
  return (
    <QueryView query={query}>
      {({ copy, from, to, subject, text }) => (
        <>
          {copy === 'kept' ? (
            <Text size="sm" c="dimmed" mb="xs">
              Word for word as it went to the provider. Its links are switched off here.
            </Text>
          ) : (
            <Alert color="yellow" mb="sm" title="As it is today, not a copy of what was sent">
              It was not sent yet, or so long ago that no copy is kept. This is how the template and its words
              make it today. Its links are switched off here.
            </Alert>
          )}
          <Text size="sm" className="secret">
            From {from}, to {to}
          </Text>
          <Text fw={600} mb="sm">
            {subject}
          </Text>
          <Tabs defaultValue="mail" keepMounted={false}>
            <Tabs.List aria-label="Parts of the mail">
              <Tabs.Tab value="mail">Mail</Tabs.Tab>
              <Tabs.Tab value="text">Plain text</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="mail">
              <iframe
                className="mail-frame"
                sandbox=""
                title={`The mail “${subject}”`}
                src={`/studio/api/leads/${leadId}/mails/${mailId}/page`}
              />
            </Tabs.Panel>
            <Tabs.Panel value="text">
              <pre className="mail-text" tabIndex={0}>
                {text}
              </pre>
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </QueryView>
  )
}
