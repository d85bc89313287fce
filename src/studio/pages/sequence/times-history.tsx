import { Badge, Button, Collapse, Group, Paper, Stack, Text } from '@mantine/core'
import { useDisclosure, useId } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { InferResponseType } from 'hono/client'
import { useState } from 'react'
import { read } from '../../api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DiffLines } from '../../ui/diff-lines.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'
import { when } from '../../ui/when.ts'
import { who } from '../../ui/who.ts'
import { NoteField } from '../../ui/note-field.tsx'
import { sequenceApi, type SequenceView } from './sequence-api.ts'
import classes from './sequence.module.css'
import { timesOf } from './times.ts'

type Past = InferResponseType<(typeof sequenceApi.revisions)['$get'], 200>['revisions'][number]

const titleOf = ({ revision }: Past) =>
  revision === 0 ? 'The times it came with' : `Times number ${revision}`

/** Every set of times there was, who published it, what it changed, and the way back to it. */
export function TimesHistory({ view }: { view: SequenceView }) {
  const [isOpen, { toggle }] = useDisclosure(false)
  const [shown, setShown] = useState<Past | null>(null)
  const id = useId()
  const { key, inForce } = view
  const history = useQuery({
    queryKey: ['times', key, inForce.revision],
    queryFn: () => read(sequenceApi.revisions.$get({ param: { sequence: key } })),
    enabled: isOpen,
    // Else the button that was pressed would go, and the focus with it.
    placeholderData: keepPreviousData,
  })
  return (
    <section aria-label="Times published before">
      <Button variant="default" onClick={toggle} aria-expanded={isOpen} aria-controls={id} mb="md">
        Times published before
      </Button>
      <Collapse expanded={isOpen} id={id}>
        {isOpen && (
          <QueryView query={history}>
            {({ revisions }) => (
              <ul className={classes.past} aria-label="Times">
                {revisions.map((past, at) => (
                  <PastTimes
                    key={past.revision}
                    past={past}
                    before={revisions[at + 1]}
                    isInForce={past.revision === inForce.revision}
                    onLook={() => setShown(past)}
                  />
                ))}
              </ul>
            )}
          </QueryView>
        )}
      </Collapse>
      {shown && <Compare view={view} past={shown} onClose={() => setShown(null)} />}
    </section>
  )
}

function PastTimes({
  past,
  before,
  isInForce,
  onLook,
}: {
  past: Past
  before: Past | undefined
  isInForce: boolean
  onLook: () => void
}) {
  const lines = timesOf(past.steps)
  const changed = before ? lines.filter((line) => !timesOf(before.steps).includes(line)) : []
  const from = past.from === 0 ? 'the times it came with' : `times number ${past.from}`
  return (
    <Paper withBorder p="sm" component="li">
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <div>
          <Text size="sm" fw={600}>
            {titleOf(past)}
          </Text>
          {past.author !== null && (
            <Text size="sm" className="soft">
              {who(past.author)}, {when(past.publishedAt)}
              {past.note && `: ${past.note}`}
            </Text>
          )}
          {past.from !== null && <Text size="sm">Went back to {from}.</Text>}
          {changed.map((line) => (
            <Text size="sm" key={line}>
              {line}
            </Text>
          ))}
          {before && changed.length === 0 && <Text size="sm">Changed nothing.</Text>}
        </div>
        {isInForce ? (
          <Badge variant="outline" flex="none">
            In force
          </Badge>
        ) : (
          <Button
            size="compact-sm"
            flex="none"
            variant="default"
            aria-label={`Look at ${titleOf(past).toLowerCase()}`}
            onClick={onLook}
          >
            Look
          </Button>
        )}
      </Group>
    </Paper>
  )
}

function Compare({ view, past, onClose }: { view: SequenceView; past: Past; onClose: () => void }) {
  const mayEdit = useMay('editor')
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const [from, to] = [timesOf(view.steps), timesOf(past.steps)].map((lines) => lines.join('\n'))
  const back = useMutation({
    mutationFn: () =>
      read(
        sequenceApi.rollback.$post({
          param: { sequence: view.key },
          json: { to: past.revision, over: view.inForce.revision, note: note || null },
        }),
      ),
    onSuccess: () =>
      notifications.show({ message: `${titleOf(past)} are in force again, for leads who come from now on.` }),
    // Refused or not: what is in force may have changed, and is shown.
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['sequence', view.key] })
      await client.invalidateQueries({ queryKey: ['example'] })
      onClose()
    },
  })
  return (
    <Dialog onClose={onClose} title={`${titleOf(past)}, against what is in force`} size="lg">
      <Stack>
        <DiffLines from={from!} to={to!} label="What would change" same="The times are the same." />
        {mayEdit && from !== to && (
          <>
            <Text size="sm">
              For leads who come from now on. Those under way keep what they began with.
              {view.draft && ' The draft stays as it is.'}
            </Text>
            <NoteField value={note} onChange={setNote} />
            <Group>
              <Button onClick={() => back.mutate()} loading={back.isPending}>
                Put them in force again
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  )
}
