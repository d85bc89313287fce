import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, read } from '../../api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { useMay } from '../../ui/use-me.ts'
import { when } from '../../ui/when.ts'
import { who } from '../../ui/who.ts'

/** Whether mail goes out, why not, and the way to pause and resume all of it. */
export function PauseBox() {
  const mayEdit = useMay('editor')
  const client = useQueryClient()
  const [asks, { open, close }] = useDisclosure(false)
  const [reason, setReason] = useState('')
  const pause = useQuery({
    queryKey: ['pause'],
    queryFn: () => read(api.sequences.pause.$get()),
    refetchInterval: 10_000,
  })
  const changed = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['pause'] }),
      client.invalidateQueries({ queryKey: ['status'] }),
    ])
  const start = useMutation({
    mutationFn: () => read(api.sequences.pause.$post({ json: { reason } })),
    onSuccess: async () => {
      close()
      setReason('')
      await changed()
    },
  })
  const end = useMutation({ mutationFn: () => read(api.sequences.resume.$post()), onSuccess: changed })
  const now = pause.data?.pause
  const dialog = asks && (
    <Dialog onClose={close} title="Pause all mail to leads">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          start.mutate()
        }}
      >
        <Stack>
          <Text size="sm">
            Nothing goes out until somebody resumes. Leads are still captured, and nothing is lost.
          </Text>
          <TextInput
            label="Why?"
            description="Your colleagues see it, and the log keeps it."
            required
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" loading={start.isPending}>
            Pause
          </Button>
        </Stack>
      </form>
    </Dialog>
  )
  if (now)
    return (
      <Alert color="orange" title="All mail to leads is paused" mb="lg">
        <Stack gap="xs" align="flex-start">
          <Text size="sm">
            {now.note ? `${who(now.note.by)}: “${now.note.why}”` : `Reason: ${now.reason}.`} Since{' '}
            {when(now.since)}.
            {now.until
              ? ` It goes on by itself at ${when(now.until)}.`
              : ' It stays so until somebody resumes.'}
          </Text>
          <Text size="sm">
            Leads are still captured. What falls due waits, and goes out in its window afterwards.
          </Text>
          {mayEdit && (
            <Group>
              <Button onClick={() => end.mutate()} loading={end.isPending}>
                Resume all mail
              </Button>
              {now.until && (
                <Button variant="default" onClick={open}>
                  Keep it paused
                </Button>
              )}
            </Group>
          )}
          {dialog}
        </Stack>
      </Alert>
    )
  if (!mayEdit) return null
  return (
    <>
      <Group mb="lg">
        <Button variant="default" onClick={open}>
          Pause all mail
        </Button>
      </Group>
      {dialog}
    </>
  )
}
