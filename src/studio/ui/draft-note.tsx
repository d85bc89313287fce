import { Text } from '@mantine/core'
import type { DraftStatus } from './use-draft.ts'
import { when } from './when.ts'
import { who } from './who.ts'

const words: Readonly<Record<DraftStatus, string>> = {
  saved: '',
  unsaved: 'Saving…',
  saving: 'Saving…',
  offline: 'Not saved: the server cannot be reached. Trying again.',
  conflict: 'Not saved: somebody else was faster.',
}

/** Whether what was typed is safe. */
export function DraftNote({
  status,
  stored,
}: {
  status: DraftStatus
  stored: { author: string | null; savedAt: string | null; version: string | null }
}) {
  const saved =
    stored.version === null
      ? 'No changes yet.'
      : `Draft saved ${when(stored.savedAt)} by ${who(stored.author)}.`
  return (
    <Text size="sm" role="status" aria-live="polite">
      {status === 'saved' ? saved : words[status]}
    </Text>
  )
}
