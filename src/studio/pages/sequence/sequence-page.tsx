import { Alert, Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api, read } from '../../api.ts'
import { DraftNote } from '../../ui/draft-note.tsx'
import { Page } from '../../ui/page.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { saidOf, useDraft } from '../../ui/use-draft.ts'
import { useMay } from '../../ui/use-me.ts'
import { when } from '../../ui/when.ts'
import { who } from '../../ui/who.ts'
import { Example } from './example.tsx'
import { PauseBox } from './pause-box.tsx'
import { nameOf, sequenceApi, type SequenceView, type Timings, titleOf } from './sequence-api.ts'
import classes from './sequence.module.css'
import { StepCard } from './step-card.tsx'
import { TimesHistory } from './times-history.tsx'
import { TimingFields } from './timing-fields.tsx'

const sequenceNames: Readonly<Record<string, string>> = {
  'back-spasms': 'The lessons',
  rebook: 'After a call that fell through',
  'opt-in': 'Before the lessons, where a form asks to confirm',
}

/** The steps of a sequence: what goes out when, where leads are, and what can be changed about it. */
export default function SequencePage({ sequence }: { sequence: string }) {
  const view = useQuery({
    queryKey: ['sequence', sequence],
    queryFn: () => read(sequenceApi.$get({ param: { sequence } })),
    refetchInterval: 15_000,
  })
  const all = useQuery({ queryKey: ['sequences'], queryFn: () => read(api.sequences.$get()) })
  const [, go] = useLocation()
  return (
    <Page
      title="Sequence"
      actions={
        <NativeSelect
          aria-label="Which sequence"
          value={sequence}
          data={(all.data?.sequences ?? []).map(({ key }) => ({
            value: key,
            label: sequenceNames[key] ?? key,
          }))}
          onChange={(event) => go(`/sequence/${event.currentTarget.value}`)}
        />
      }
    >
      <PauseBox />
      <QueryView query={view}>{(data) => <Timeline view={data} />}</QueryView>
    </Page>
  )
}

/** Timings of all steps that can be changed, as they are in force. */
const timingsOf = ({ steps }: SequenceView): Timings =>
  Object.fromEntries(
    steps.flatMap(({ key, fixed, delayDays, window }) =>
      fixed || !window ? [] : [[key, { delayDays, window: { ...window, days: [...window.days] } }]],
    ),
  )

const storedOf = (view: SequenceView) => ({
  content: view.draft ? { ...timingsOf(view), ...(view.draft.timings as Timings) } : timingsOf(view),
  version: view.draft?.version ?? null,
  base: view.draft?.base ?? view.inForce.revision,
  author: view.draft?.author ?? view.inForce.author,
  savedAt: view.draft?.savedAt ?? view.inForce.publishedAt,
})

function Timeline({ view }: { view: SequenceView }) {
  const mayEdit = useMay('editor')
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ['sequence', view.key] })
  const [edits, setEdits] = useState(view.draft !== null)
  const switching = useMutation({
    mutationFn: ({ step, on }: { step: string; on: boolean }) =>
      read(sequenceApi.steps[':step'].$post({ param: { sequence: view.key, step }, json: { on } })),
    onSuccess: async ({ warnings }, { step, on }) => {
      notifications.show({
        message: `${nameOf(step)} is ${on ? 'on' : 'off'} for new leads. Those under way keep what they began with.`,
      })
      if (warnings.length > 0)
        notifications.show({
          color: 'orange',
          title: 'These mails say a number that is wrong now',
          message: [...new Set(warnings.map(({ template }) => titleOf(template)))].join(', '),
          autoClose: 12_000,
        })
      await refresh()
      await client.invalidateQueries({ queryKey: ['example'] })
    },
  })
  const cards = (fields?: (key: string) => React.ReactNode) => (
    <ol className={classes.steps}>
      {view.steps.map((step) => (
        <StepCard
          key={step.key}
          step={step}
          mayEdit={mayEdit}
          onSwitch={(on) => switching.mutate({ step: step.key, on })}
        >
          {!step.fixed && fields?.(step.key)}
        </StepCard>
      ))}
    </ol>
  )
  return (
    <>
      <Text size="sm" className="soft" mb="md">
        Changes of this page are for leads who come from now on. Those under way keep what they began with.
        Counted {when(view.countedAt)}.
      </Text>
      <TimesHistory view={view} />
      {edits && mayEdit ? (
        <TimingDraft view={view} cards={cards} onDone={() => setEdits(false)} />
      ) : (
        <div className={classes.columns}>
          <Stack>
            {mayEdit && (
              <Group>
                <Button variant="default" onClick={() => setEdits(true)}>
                  Change delays and windows
                </Button>
                {view.inForce.author && (
                  <Text size="sm" className="soft">
                    Times set by {who(view.inForce.author)}, {when(view.inForce.publishedAt)}.
                  </Text>
                )}
              </Group>
            )}
            {cards()}
          </Stack>
          <div className={classes.side}>
            <Example sequence={view.key} zone={view.timeZone} version={`${view.inForce.revision}`} />
          </div>
        </div>
      )}
    </>
  )
}

/** The same steps with their times to be changed: kept as a draft until it is published. */
function TimingDraft({
  view,
  cards,
  onDone,
}: {
  view: SequenceView
  cards: (fields: (key: string) => React.ReactNode) => React.ReactNode
  onDone: () => void
}) {
  const client = useQueryClient()
  const param = { sequence: view.key }
  const [findings, setFindings] = useState(view.draft?.findings ?? [])
  const draft = useDraft<Timings>({
    initial: storedOf(view),
    async store(timings, { over, base, keepalive }) {
      const { draft: saved } = await read(
        sequenceApi.draft.$put({ param, json: { timings, over, base } }, { init: { keepalive } }),
      )
      setFindings(saved!.findings)
      return saved!
    },
    load: async () => storedOf(await read(sequenceApi.$get({ param }))),
  })
  const { stored, status, content, conflict } = draft
  const done = async () => {
    await client.invalidateQueries({ queryKey: ['sequence', view.key] })
    onDone()
  }
  const publish = useMutation({
    mutationFn: () =>
      read(
        // The person sees what is in force now, and means to replace that.
        sequenceApi.publish.$post({ param, json: { version: stored.version!, over: view.inForce.revision } }),
      ),
    onSuccess: async () => {
      notifications.show({ message: 'Published: leads who come from now on get these times.' })
      await done()
    },
    onError: () => client.invalidateQueries({ queryKey: ['sequence', view.key] }),
  })
  const discard = useMutation({
    mutationFn: async () => {
      if (stored.version !== null)
        await read(sequenceApi.draft.$delete({ param, json: { version: stored.version } }))
    },
    onSuccess: done,
  })
  const refused = findings.some(({ level }) => level === 'refuse')
  const overtaken = stored.version !== null && stored.base !== view.inForce.revision
  return (
    <div className={classes.columns}>
      <Stack>
        {conflict && (
          <Alert color="orange" title="Two of you are at work on these times" role="alert">
            <Stack gap="xs" align="flex-start">
              <Text size="sm">{saidOf(conflict.theirs)}</Text>
              <Group>
                <Button onClick={() => draft.settle(conflict.theirs, false)}>Show theirs</Button>
                <Button variant="default" onClick={() => draft.settle(conflict.theirs, true)}>
                  Put mine in its place
                </Button>
              </Group>
            </Stack>
          </Alert>
        )}
        {overtaken && (
          <Alert color="orange" title="Other times were published since this draft began">
            {who(view.inForce.author)}, {when(view.inForce.publishedAt)}. Publishing the draft puts it in
            their place. “Times published before” shows them.
          </Alert>
        )}
        <Group>
          <Button
            onClick={() => publish.mutate()}
            loading={publish.isPending}
            disabled={stored.version === null || status !== 'saved' || refused}
          >
            Publish these times
          </Button>
          <Button variant="default" onClick={() => discard.mutate()} disabled={status === 'saving'}>
            {stored.version === null ? 'Leave them as they are' : 'Throw the draft away'}
          </Button>
          <DraftNote status={status} stored={stored} />
        </Group>
        {cards((key) => {
          const timing = content[key]
          return (
            timing && (
              <TimingFields
                step={key}
                timing={timing}
                findings={findings}
                onChange={(changed) => draft.change({ ...content, [key]: changed })}
              />
            )
          )
        })}
      </Stack>
      <div className={classes.side}>
        <Example
          sequence={view.key}
          zone={view.timeZone}
          version={stored.version ?? `${view.inForce.revision}`}
        />
      </div>
    </div>
  )
}
