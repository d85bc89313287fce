import { Autocomplete, Button, Card, Group, Text, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, read } from '../../api.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { fieldErrors } from '../../ui/form-errors.ts'
import { useMay } from '../../ui/use-me.ts'
import type { LeadView } from './lead-view.ts'

/** Does one thing to a lead, says so, and looks again. */
function useAct<Input = void>(
  leadId: string,
  act: (input: Input) => Promise<unknown>,
  said: string,
  onDone?: () => void,
) {
  const queries = useQueryClient()
  return useMutation({
    ...(onDone ? { meta: { quiet: true } } : {}),
    mutationFn: act,
    onSuccess: () => {
      notifications.show({ message: said })
      onDone?.()
    },
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['lead', leadId] })
      await queries.invalidateQueries({ queryKey: ['leads'] })
    },
  })
}

/** What can be done to this lead, as it stands and as one's role allows. */
export function LeadActions({ view }: { view: LeadView }) {
  const { id, erasedAt } = view.lead
  const param = { id }
  const routes = api.leads[':id']
  const mayAct = useMay('editor')
  const mayErase = useMay('admin')
  const stop = useAct(
    id,
    () => read(routes.stop.$post({ param })),
    'Stopped. Nothing more of what ran is sent.',
  )
  const booked = useAct(id, () => read(routes.booked.$post({ param })), 'Marked as booked.')
  const resume = useAct(id, () => read(routes.resume.$post({ param })), 'Its mails run again.')
  const suppress = useAct(
    id,
    () => read(routes.suppress.$post({ param })),
    'Nothing is mailed to it any more.',
  )
  if (!mayAct || erasedAt) return null
  const isRunning = view.status === 'active' || view.status === 'held'
  const canResume = view.status === 'stopped' && view.stopReason === 'staff' && !view.suppressed
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="acts">
      <Title order={2} size="h4" mb="sm" id="acts">
        What you can do
      </Title>
      <Group gap="sm">
        {isRunning && (
          <Confirm
            button="Stop the mails"
            title="Stop the mails?"
            yes="Stop"
            danger={false}
            onYes={() => stop.mutate()}
          >
            Nothing more of what runs is sent. You can resume it later, from where it stood.
          </Confirm>
        )}
        {canResume && (
          <Confirm
            button="Resume"
            title="Resume the mails?"
            yes="Resume"
            danger={false}
            onYes={() => resume.mutate()}
          >
            The sequence goes on where it was stopped, in the lead’s own time.
          </Confirm>
        )}
        <Confirm
          button="Mark as booked"
          title="Has this lead booked a call?"
          yes="Yes, mark as booked"
          danger={false}
          onYes={() => booked.mutate()}
        >
          Marking it stops the mails at once, for good.
        </Confirm>
        <ZoneButton view={view} />
        {!view.suppressed && (
          <Confirm
            button="Never mail again"
            title="Never mail this address again?"
            yes="Suppress it"
            onYes={() => suppress.mutate()}
          >
            The address is suppressed: nothing is mailed to it, whichever form it comes back through. Only an
            admin can lift that.
          </Confirm>
        )}
        {view.suppressed && mayErase && <LiftButton id={id} />}
        <ExportButton id={id} />
        {mayErase && <EraseButton id={id} />}
      </Group>
    </Card>
  )
}

const zones = Intl.supportedValuesOf('timeZone')

function ZoneButton({ view }: { view: LeadView }) {
  const { id } = view.lead
  const [isOpen, { open, close }] = useDisclosure(false)
  const [timeZone, setTimeZone] = useState(view.timeZone)
  const change = useAct(
    id,
    () => read(api.leads[':id'].zone.$post({ param: { id }, json: { timeZone } })),
    'The zone is changed, and what waits is planned anew.',
    close,
  )
  return (
    <FormDialog
      button="Change zone"
      title="Change the time zone"
      yes="Change"
      isOpen={isOpen}
      open={open}
      close={close}
      isPending={change.isPending}
      onYes={() => change.mutate()}
    >
      <Text size="sm">What waits is planned anew, in the hours that mails may be sent in there.</Text>
      <Autocomplete
        label="Time zone of this lead"
        value={timeZone}
        data={zones}
        limit={20}
        required
        error={fieldErrors(change.error).timeZone ?? change.error?.message}
        onChange={setTimeZone}
      />
    </FormDialog>
  )
}

function LiftButton({ id }: { id: string }) {
  const [isOpen, { open, close }] = useDisclosure(false)
  const [because, setBecause] = useState('')
  const lift = useAct(
    id,
    () => read(api.leads[':id'].lift.$post({ param: { id }, json: { because } })),
    'Lifted. Only a form that comes from now on can enroll this lead again.',
    close,
  )
  return (
    <FormDialog
      button="Lift the suppression"
      title="Lift the suppression"
      yes="Lift"
      isOpen={isOpen}
      open={open}
      close={close}
      isPending={lift.isPending}
      onYes={() => lift.mutate()}
    >
      <Text size="sm">
        Nothing is mailed by that: only a form that comes from now on can enroll the lead again.
      </Text>
      <TextInput
        label="Why, and who asked for it"
        description="Kept for ever, so leave addresses out"
        required
        minLength={5}
        maxLength={300}
        value={because}
        error={lift.error?.message}
        onChange={(event) => setBecause(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

function ExportButton({ id }: { id: string }) {
  const save = useAct(
    id,
    async () => keep(id, await read(api.leads[':id'].export.$post({ param: { id } }))),
    'Downloaded. That you did is on record.',
  )
  return (
    <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
      Download all data
    </Button>
  )
}

/** Hands a file to the browser. */
function keep(id: string, all: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(all, null, 2)], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `lead-${id}.json`
  link.click()
  URL.revokeObjectURL(url)
}

function EraseButton({ id }: { id: string }) {
  const [isOpen, { open, close }] = useDisclosure(false)
  const [address, setAddress] = useState('')
  const erase = useAct(
    id,
    () => read(api.leads[':id'].erase.$post({ param: { id }, json: { address } })),
    'Erased. A suppression, if there was one, stays as a hash.',
    close,
  )
  return (
    <FormDialog
      button="Erase this person"
      title="Erase this person"
      yes="Erase for good"
      danger
      isOpen={isOpen}
      open={open}
      close={close}
      isPending={erase.isPending}
      onYes={() => erase.mutate()}
    >
      <Text size="sm">
        Name, address, number, answers and copies of mails go for good, and nothing is sent any more. This
        cannot be undone.
      </Text>
      <TextInput
        label="To confirm, type the address of this lead"
        required
        autoComplete="off"
        value={address}
        error={erase.error?.message}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
