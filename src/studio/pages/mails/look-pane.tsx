import {
  Anchor,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Paper,
  SegmentedControl,
  Stack,
  Text,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { read } from '../../api.ts'
import { type Look, MailFrame } from '../../ui/mail-frame.tsx'
import { useMay, useMe } from '../../ui/use-me.ts'
import { copyApi } from './copy-api.ts'
import classes from './mails.module.css'
import { ReaderPicker } from './reader-picker.tsx'

const ways = [
  { value: 'phone', label: 'Phone' },
  { value: 'desktop', label: 'Desktop' },
  { value: 'text', label: 'Plain text' },
] as const
type Way = (typeof ways)[number]['value']

/** The mail as it would arrive: drawn by the server from the draft, for a reader and a device of one's choice. */
export function LookPane({ template, version }: { template: string; version: string }) {
  const mayEdit = useMay('editor')
  const me = useMe()
  const [way, setWay] = useState<Way>('phone')
  const [dark, setDark] = useState(false)
  const [imagesOff, setImagesOff] = useState(false)
  const [topical, setTopical] = useState<'' | 'yes' | 'no'>('')
  const [reader, setReader] = useState('sample')
  const asked = { of: 'draft' as const, reader, ...(topical ? { topical } : {}) }
  const mail = useQuery({
    queryKey: ['mail', template, version, reader, topical],
    queryFn: () =>
      read(
        copyApi.mail.$get({
          param: { template },
          query: { ...asked, scheme: 'light', images: 'on', version },
        }),
      ),
    placeholderData: keepPreviousData,
  })
  const test = useMutation({
    mutationFn: () => read(copyApi.test.$post({ param: { template }, json: asked })),
    onSuccess: ({ to }) =>
      notifications.show({ title: 'A test is on its way', message: `Look into the inbox of ${to}.` }),
  })
  const look: Look = {
    template,
    ...asked,
    scheme: dark ? 'dark' : 'light',
    images: imagesOff ? 'off' : 'on',
    version,
  }
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <ReaderPicker value={reader} onChange={setReader} />
        <NativeSelect
          label="Subject"
          value={topical}
          onChange={(event) => setTopical(event.currentTarget.value as typeof topical)}
          data={[
            { value: '', label: 'As they get it' },
            { value: 'no', label: 'The neutral one' },
            { value: 'yes', label: 'The one on the topic' },
          ]}
        />
      </Group>
      <Paper
        withBorder
        p="sm"
        component="section"
        aria-label="As the inbox lists it"
        className={classes.inbox}
      >
        <Text size="sm" className="soft">
          {mail.data?.from}
        </Text>
        <Text fw={600}>{mail.data?.subject}</Text>
        <Text size="sm" className="soft">
          {mail.data?.preheader}
        </Text>
      </Paper>
      <Group gap="sm">
        <SegmentedControl
          aria-label="Shown as"
          value={way}
          onChange={(value) => setWay(value as Way)}
          data={[...ways]}
        />
        {way !== 'text' && (
          <>
            <Checkbox
              label="Dark"
              checked={dark}
              onChange={(event) => setDark(event.currentTarget.checked)}
            />
            <Checkbox
              label="Images off"
              checked={imagesOff}
              onChange={(event) => setImagesOff(event.currentTarget.checked)}
            />
          </>
        )}
      </Group>
      {mayEdit && (
        <Group gap="sm">
          <Button variant="default" onClick={() => test.mutate()} loading={test.isPending}>
            Send a test to me
          </Button>
          {me.data?.inbox && (
            <Anchor size="sm" href={me.data.inbox} target="_blank" rel="noreferrer">
              Open the sandbox’s inbox
            </Anchor>
          )}
        </Group>
      )}
      {way === 'text' ? (
        <Paper withBorder p="md" component="section" aria-label="Plain text" tabIndex={0}>
          <pre className={classes.letter}>{mail.data?.text}</pre>
        </Paper>
      ) : (
        <MailFrame look={look} device={way} title="Preview of the mail" />
      )}
      {mail.data && (
        <Text size="sm" className="soft">
          {Math.ceil(mail.data.bytes / 1024)} kB of the 102 kB after which Gmail cuts a mail.
        </Text>
      )}
    </Stack>
  )
}
