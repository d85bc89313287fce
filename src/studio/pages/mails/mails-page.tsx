import { Anchor, Badge, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api, read } from '../../api.ts'
import { MailThumbnail } from '../../ui/mail-frame.tsx'
import { Page } from '../../ui/page.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { when } from '../../ui/when.ts'
import { who } from '../../ui/who.ts'
import { nameOf, titleOf } from '../sequence/sequence-api.ts'
import classes from './mails.module.css'

/** Every mail whose words can be changed, and who is at work on which. */
export default function MailsPage() {
  const mails = useQuery({ queryKey: ['mails'], queryFn: () => read(api.copy.$get()) })
  return (
    <Page title="Mails">
      <QueryView query={mails}>
        {({ mails: all }) => (
          <ul className={classes.list}>
            {all.map(({ template, tag, inForce, draft }) => (
              <Paper withBorder p="md" component="li" key={template}>
                <Group align="flex-start" wrap="nowrap">
                  <MailThumbnail look={{ template, of: 'in-force' }} width={96} height={120} />
                  <Stack gap={4}>
                    <Title order={2} size="h4">
                      <Anchor component={Link} href={`/mails/${template}`} inherit>
                        {nameOf(tag)}: {titleOf(template)}
                      </Anchor>
                    </Title>
                    <Text size="sm" className="soft">
                      {inForce
                        ? `In force: revision ${inForce.revision}, by ${who(inForce.author)}, ${when(inForce.publishedAt)}`
                        : 'In force: the words it came with'}
                    </Text>
                    {draft && (
                      <Badge variant="outline" color="pine" tt="none" maw="100%">
                        Draft by {who(draft.author)}, {when(draft.savedAt)}
                      </Badge>
                    )}
                  </Stack>
                </Group>
              </Paper>
            ))}
          </ul>
        )}
      </QueryView>
    </Page>
  )
}
