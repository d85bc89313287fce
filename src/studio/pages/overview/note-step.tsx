import { Anchor, Blockquote, Button, Group, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { api, read } from '../../api.ts'
import { fieldErrors } from '../../ui/form-errors.ts'
import { useMay } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { StepCard } from './step-card.tsx'

type Note = {
  done: boolean
  words: string
  isSample: boolean
  approval: { by: string; at: string } | null
}

/** The words on urgent care, which somebody of the clinic has to stand for by name. */
export function NoteStep({ note }: { note: Note }) {
  const queries = useQueryClient()
  const isAdmin = useMay('admin')
  const [name, setName] = useState('')
  const approve = useMutation({
    meta: { quiet: true },
    mutationFn: () => read(api['first-steps'].note.$post({ json: { note: note.words, name } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['first-steps'] }),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    approve.mutate()
  }
  return (
    <StepCard title="When to seek urgent care" state={note.done ? 'done' : 'open'}>
      <Blockquote p="sm" mb="sm" mt={0}>
        {note.words}
      </Blockquote>
      {note.approval ? (
        <Text>
          Approved by {note.approval.by}, <When at={note.approval.at} />. Other words need another approval.
        </Text>
      ) : note.isSample ? (
        <Text>
          These are the sample’s words.{' '}
          <Anchor component={Link} href="/settings/brand">
            Write the clinic’s own
          </Anchor>
          , then have them approved here.
        </Text>
      ) : isAdmin ? (
        <form onSubmit={send}>
          <Group align="flex-end" gap="sm">
            <TextInput
              label="Who approves these words"
              placeholder="Name, role"
              required
              maxLength={120}
              value={name}
              error={fieldErrors(approve.error).name ?? approve.error?.message}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" loading={approve.isPending}>
              Approve
            </Button>
          </Group>
        </form>
      ) : (
        <Text>An admin approves them.</Text>
      )}
    </StepCard>
  )
}
