import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Words } from '../../../core/copy.ts'
import { ApiError, read } from '../../api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { who } from '../../ui/who.ts'
import { NoteField } from '../../ui/note-field.tsx'
import { Checks } from './checks.tsx'
import { copyApi, type CopyState, type Review } from './copy-api.ts'
import { Diff } from './diff.tsx'

/** What would change for leads, what the checks say of it, and the button that does it. */
export function PublishDialog({
  state,
  words,
  version,
  base,
  findings,
  onClose,
  onDone,
}: {
  state: CopyState
  words: Words
  version: string
  /** The revision that the draft began from. */
  base: number
  findings: Review['findings']
  onClose: () => void
  onDone: (revision: number) => void
}) {
  const { template, inForce } = state
  const [note, setNote] = useState('')
  const refused = findings.some(({ level }) => level === 'refuse')
  const overtaken = inForce.revision !== base
  const publish = useMutation({
    mutationFn: () =>
      read(
        copyApi.publish.$post({
          param: { template },
          // The person sees what is in force now, and means to replace that.
          json: { version, note: note || null, over: inForce.revision },
        }),
      ),
    meta: { quiet: true },
    onSuccess: ({ revision }) => onDone(revision),
  })
  const { error } = publish
  return (
    <Dialog onClose={onClose} title="Publish these words" size="lg">
      <Stack>
        {overtaken && (
          <Alert color="orange" title="Other words were published since this draft began">
            {who(inForce.author)} changed what is in force. Below is what yours would make of it: what they
            wrote goes where yours says something else.
          </Alert>
        )}
        <Diff from={inForce.words} to={words} label="What changes" />
        <Checks findings={findings} />
        <Text size="sm">
          Leads get these words from the next mail on. What is sealed already goes out as it was.
        </Text>
        <NoteField value={note} onChange={setNote} />
        {error && (
          <Alert color="red" title="Not published" role="alert">
            {error.message}{' '}
            {error instanceof ApiError && error.fields.map(({ field, message }) => `${field} ${message}. `)}
          </Alert>
        )}
        <Button onClick={() => publish.mutate()} loading={publish.isPending} disabled={refused}>
          Publish
        </Button>
      </Stack>
    </Dialog>
  )
}
