import { Button, CopyButton, Group, Stack, Text } from '@mantine/core'
import type { Words } from '../../../core/copy.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { type Conflict, saidOf } from '../../ui/use-draft.ts'
import { Diff } from './diff.tsx'
import { plainWords } from './words.ts'

/** Two people wrote at once: both texts, and the choice between them. */
export function ConflictDialog({
  conflict,
  mine,
  onTheirs,
  onMine,
}: {
  conflict: Conflict<unknown>
  mine: Words
  onTheirs: () => void
  onMine: () => void
}) {
  const theirs = conflict.theirs.content as Words
  return (
    <Dialog onClose={null} title="Two of you are at work on this mail" size="lg">
      <Stack>
        <Text>{saidOf(conflict.theirs)}</Text>
        <Text size="sm" className="soft">
          Marked with − is theirs, with + is yours.
        </Text>
        <Diff from={theirs} to={mine} label="Theirs and yours" />
        <Group>
          <Button onClick={onTheirs}>Take theirs</Button>
          <Button variant="default" onClick={onMine}>
            Put mine in its place
          </Button>
          <CopyButton value={plainWords(mine)}>
            {({ copied, copy }) => (
              <Button variant="subtle" onClick={copy}>
                {copied ? 'Copied' : 'Copy my text'}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Dialog>
  )
}
