import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import type { InferResponseType } from 'hono/client'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Words } from '../../../core/copy.ts'
import { read } from '../../api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'
import { when } from '../../ui/when.ts'
import { who } from '../../ui/who.ts'
import { NoteField } from '../../ui/note-field.tsx'
import { copyApi } from './copy-api.ts'
import { Diff } from './diff.tsx'
import classes from './mails.module.css'

type Choice = { revision: number; name: string }

/** Every revision there was, what it changed, and the way back to it. */
export function History({
  template,
  inForce,
  onTake,
  onDone,
}: {
  template: string
  inForce: { revision: number; words: Words }
  /** Takes earlier words into the editor. */
  onTake: (words: Words) => void
  onDone: () => void
}) {
  const mayEdit = useMay('editor')
  const [shown, setShown] = useState<Choice | null>(null)
  const param = { template }
  const revisions = useQuery({
    queryKey: ['revisions', template],
    queryFn: () => read(copyApi.revisions.$get({ param })),
  })
  return (
    <QueryView query={revisions}>
      {({ revisions: all }) => (
        <Stack gap="sm">
          {shown && (
            <Compare
              {...{ template, inForce, onTake, onDone }}
              choice={shown}
              mayEdit={mayEdit}
              onClose={() => setShown(null)}
            />
          )}
          <ul className={classes['plain-list']} aria-label="Revisions">
            {[...all.map(rowOf), inCode].map((row) => (
              <Paper withBorder p="sm" component="li" key={row.revision}>
                <Group justify="space-between" gap="xs">
                  <div>
                    <Text size="sm" fw={600}>
                      {row.name}
                    </Text>
                    <Text size="sm" className="soft">
                      {row.told}
                    </Text>
                    {row.misfit && (
                      <Text size="sm" className="must-mend">
                        Not used: {row.misfit}
                      </Text>
                    )}
                  </div>
                  {row.revision === inForce.revision ? (
                    <Badge variant="outline">In force</Badge>
                  ) : (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Look at ${row.name}`}
                      onClick={() => setShown(row)}
                    >
                      Look
                    </Button>
                  )}
                </Group>
              </Paper>
            ))}
          </ul>
        </Stack>
      )}
    </QueryView>
  )
}

type Row = Choice & { told: string; misfit: string | null }

const inCode: Row = { revision: 0, name: 'The words it came with', told: '', misfit: null }

function rowOf({
  revision,
  author,
  publishedAt,
  createdAt,
  note,
  misfit,
}: InferResponseType<(typeof copyApi.revisions)['$get'], 200>['revisions'][number]): Row {
  const why = note ? `: ${note}` : ''
  return {
    revision,
    name: `Revision ${revision}`,
    told: `${who(author)}, ${when(publishedAt ?? createdAt)}${why}`,
    misfit,
  }
}

function Compare({
  template,
  inForce,
  choice,
  mayEdit,
  onTake,
  onDone,
  onClose,
}: {
  template: string
  inForce: { revision: number; words: Words }
  choice: Choice
  mayEdit: boolean
  onTake: (words: Words) => void
  onDone: () => void
  onClose: () => void
}) {
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const words = useQuery({
    queryKey: ['words', template, choice.revision],
    queryFn: () =>
      read(
        copyApi.words.$get({ param: { template }, query: { of: `${choice.revision}` } }),
      ) as Promise<Words>,
  })
  const back = useMutation({
    mutationFn: () =>
      read(
        copyApi.rollback.$post({ param: { template }, json: { to: choice.revision, note: note || null } }),
      ),
    onSuccess: async () => {
      notifications.show({ message: `${choice.name} is in force again, from the next mail on.` })
      await client.invalidateQueries({ queryKey: ['revisions', template] })
      onClose()
      onDone()
    },
  })
  return (
    <Dialog onClose={onClose} title={`${choice.name}, against what is in force`} size="lg">
      <QueryView query={words}>
        {(found) => (
          <Stack>
            <Diff from={inForce.words} to={found} label="What would change" />
            {mayEdit && (
              <>
                <NoteField value={note} onChange={setNote} />
                <Group>
                  <Button onClick={() => back.mutate()} loading={back.isPending}>
                    Put it in force again
                  </Button>
                  <Button
                    variant="default"
                    onClick={() => {
                      onTake(found)
                      onClose()
                    }}
                  >
                    Start a draft from it
                  </Button>
                </Group>
              </>
            )}
          </Stack>
        )}
      </QueryView>
    </Dialog>
  )
}
