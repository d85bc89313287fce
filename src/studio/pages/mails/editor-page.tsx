import { Badge, Button, Group, SegmentedControl, Stack, Tabs, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Words } from '../../../core/copy.ts'
import { read } from '../../api.ts'
import { DraftNote } from '../../ui/draft-note.tsx'
import { Page } from '../../ui/page.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { type Stored, useDraft } from '../../ui/use-draft.ts'
import { useMay } from '../../ui/use-me.ts'
import { nameOf, titleOf } from '../sequence/sequence-api.ts'
import { Checks } from './checks.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { copyApi, type CopyState } from './copy-api.ts'
import { Coverage } from './coverage.tsx'
import { History } from './history.tsx'
import { LookPane } from './look-pane.tsx'
import classes from './mails.module.css'
import { PublishDialog } from './publish-dialog.tsx'
import { type KeyedWords, withKeys, withoutKeys } from './words.ts'
import { WordsForm } from './words-form.tsx'

/** The words of one mail on the left, what they make of it on the right. */
export default function EditorPage({ template }: { template: string }) {
  const [round, setRound] = useState(0)
  const [show, setShow] = useState('write')
  // What is typed is the newest there is: nothing is fetched behind it.
  const state = useQuery({
    queryKey: ['copy', template, round],
    queryFn: () => read(copyApi.$get({ param: { template } })),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const title = state.data ? `${nameOf(state.data.sheet.tag)}: ${titleOf(template)}` : titleOf(template)
  return (
    <Page title={title}>
      <QueryView query={state}>
        {(data) => (
          <Editor key={round} state={data} show={show} onShow={setShow} onAgain={() => setRound(round + 1)} />
        )}
      </QueryView>
    </Page>
  )
}

function storedOf({ draft, inForce }: CopyState): Stored<KeyedWords> {
  return {
    content: withKeys((draft?.words ?? inForce.words) as Words),
    version: draft?.version ?? null,
    base: draft?.base ?? inForce.revision,
    author: draft?.author ?? inForce.author,
    savedAt: draft?.savedAt ?? inForce.publishedAt,
  }
}

type Props = {
  state: CopyState
  /** On a narrow screen: what is typed, or what it looks like. */
  show: string
  onShow: (show: string) => void
  /** Begins anew from what is stored. */
  onAgain: () => void
}

function Editor({ state, show, onShow, onAgain }: Props) {
  const { template, sheet } = state
  const param = { template }
  const mayEdit = useMay('editor')
  const client = useQueryClient()
  const [review, setReview] = useState(state.review)
  const [newest, setNewest] = useState(state)
  const [publishes, setPublishes] = useState(false)
  const draft = useDraft<KeyedWords>({
    initial: storedOf(state),
    async store(words, { over, base, keepalive }) {
      const saved = await read(
        copyApi.draft.$put(
          { param, json: { words: withoutKeys(words), over, base } },
          { init: { keepalive } },
        ),
      )
      setReview(saved.review)
      return saved.draft
    },
    async load() {
      const now = await read(copyApi.$get({ param }))
      setNewest(now)
      return storedOf(now)
    },
  })
  const { content, stored, status, conflict } = draft
  const discard = useMutation({
    mutationFn: () => read(copyApi.draft.$delete({ param, json: { version: stored.version! } })),
    onSuccess: () => {
      notifications.show({ message: 'The draft is gone. What is in force is shown.' })
      onAgain()
    },
  })
  const ask = useMutation({
    mutationFn: () => read(copyApi.$get({ param })),
    onSuccess: (now) => {
      setNewest(now)
      setPublishes(true)
    },
  })
  const words = withoutKeys(content)
  const refused = review.findings.filter(({ level }) => level === 'refuse').length
  const warned = review.findings.length - refused
  const isSaved = stored.version !== null && status === 'saved'
  return (
    <>
      {conflict && (
        <ConflictDialog
          conflict={{
            theirs: { ...conflict.theirs, content: withoutKeys(conflict.theirs.content) },
          }}
          mine={words}
          onTheirs={() => {
            draft.settle(conflict.theirs, false)
            setReview(newest.review)
          }}
          // Over what is in force now, which the person has just seen.
          onMine={() => draft.settle({ ...conflict.theirs, base: newest.inForce.revision }, true)}
        />
      )}
      {publishes && (
        <PublishDialog
          state={newest}
          words={words}
          version={stored.version!}
          base={stored.base}
          findings={review.findings}
          onClose={() => setPublishes(false)}
          onDone={(revision) => {
            setPublishes(false)
            notifications.show({ message: `Revision ${revision} is in force, from the next mail on.` })
            void client.invalidateQueries({ queryKey: ['revisions', template] })
            onAgain()
          }}
        />
      )}
      <Stack gap="md">
        <Group gap="sm">
          {mayEdit && (
            <>
              <Button onClick={() => ask.mutate()} loading={ask.isPending} disabled={!isSaved}>
                Publish…
              </Button>
              <Button
                variant="default"
                onClick={() => discard.mutate()}
                disabled={!isSaved}
                loading={discard.isPending}
              >
                Throw the draft away
              </Button>
            </>
          )}
          <DraftNote status={status} stored={stored} />
          {refused > 0 && (
            <Badge color="red" variant="light" tt="none" size="lg">
              {refused} to mend
            </Badge>
          )}
          {warned > 0 && (
            <Badge color="yellow" variant="light" tt="none" size="lg">
              {warned} to look at
            </Badge>
          )}
        </Group>
        <SegmentedControl
          className="narrow-only"
          aria-label="Show"
          value={show}
          onChange={onShow}
          data={[
            { value: 'write', label: mayEdit ? 'Write' : 'Words' },
            { value: 'look', label: 'Look' },
          ]}
        />
        <div className={classes.panes} data-show={show}>
          <div className={classes.write}>
            <WordsForm
              words={content}
              sheet={sheet}
              findings={review.findings}
              disabled={!mayEdit}
              onChange={draft.change}
            />
          </div>
          <div className={classes.look}>
            <Tabs defaultValue="preview" keepMounted={false}>
              <Tabs.List mb="sm">
                <Tabs.Tab value="preview">Preview</Tabs.Tab>
                <Tabs.Tab value="checks">Checks ({review.findings.length})</Tabs.Tab>
                <Tabs.Tab value="article">Article</Tabs.Tab>
                <Tabs.Tab value="history">History</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="preview">
                <LookPane template={template} version={stored.version ?? `${stored.base}`} />
              </Tabs.Panel>
              <Tabs.Panel value="checks">
                <Checks findings={review.findings} />
              </Tabs.Panel>
              <Tabs.Panel value="article">
                <Coverage points={review.coverage} />
              </Tabs.Panel>
              <Tabs.Panel value="history">
                <History
                  template={template}
                  inForce={{ ...newest.inForce, words: newest.inForce.words as Words }}
                  onTake={(taken) => draft.change(withKeys(taken))}
                  onDone={onAgain}
                />
              </Tabs.Panel>
            </Tabs>
            {refused > 0 && (
              <Text size="sm" className="must-mend" mt="sm">
                It can be published once what is marked with “Mend” is mended.
              </Text>
            )}
          </div>
        </div>
      </Stack>
    </>
  )
}
