import { Paper, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { Finding } from '../../ui/findings.tsx'
import { DrawingFields } from './block-fields.tsx'
import type { Sheet } from './copy-api.ts'
import { type Moving, SlotEditor } from './slot-editor.tsx'
import { LineField } from './text-field.tsx'
import type { KeyedWords, Place } from './words.ts'

const headFields = [
  ['subject', 'Subject'],
  ['topicalSubject', 'Subject for leads of a form about the topic'],
  ['preheader', 'Preheader, the line after the subject'],
] as const
const titleFields = [
  ['eyebrow', 'Small line above the title'],
  ['title', 'Title'],
] as const

/** All words of a mail, in the order in which they are read. */
export function WordsForm({
  words,
  sheet,
  findings,
  disabled,
  onChange,
}: {
  words: KeyedWords
  sheet: Sheet
  findings: readonly Finding[]
  disabled: boolean
  onChange: (words: KeyedWords) => void
}) {
  const [dragged, onDrag] = useState<Place | null>(null)
  const [said, setSaid] = useState<Moving['said']>(null)
  const moving: Moving = { dragged, onDrag, said, onSay: (slot, text) => setSaid({ slot, text }) }
  const common = { sheet, findings, disabled }
  const lines = (
    fields: readonly (readonly ['subject' | 'topicalSubject' | 'preheader' | 'eyebrow' | 'title', string])[],
  ) =>
    fields.map(([name, label]) => (
      <LineField
        key={name}
        label={label}
        field={name}
        value={words[name]}
        limit={sheet.limits[name]}
        findings={findings}
        disabled={disabled}
        onChange={(value) => onChange({ ...words, [name]: value })}
      />
    ))
  return (
    <Stack gap="lg">
      <Paper withBorder p="md" component="section" aria-label="In the inbox">
        <Title order={2} size="h4" mb="xs">
          In the inbox
        </Title>
        <Stack gap="sm">{lines(headFields)}</Stack>
      </Paper>
      <Paper withBorder p="md" component="section" aria-label="Top of the mail">
        <Title order={2} size="h4" mb="xs">
          Top of the mail
        </Title>
        <Stack gap="sm">
          {lines(titleFields)}
          <DrawingFields
            at="art"
            value={words.art}
            drawings={sheet.drawings}
            limits={sheet.limits}
            findings={findings}
            disabled={disabled}
            onChange={(art) => onChange({ ...words, art })}
          />
        </Stack>
      </Paper>
      {!disabled && (
        <Text size="sm" className="soft">
          In a text, <code>{'{{firstName|there}}'}</code> stands for the lead’s first name, with the word to
          use when it is not known. Others: {sheet.fields.filter((name) => name !== 'firstName').join(', ')}.
        </Text>
      )}
      <SlotEditor {...common} {...{ words, moving, onChange }} slot="opening" />
      <SlotEditor {...common} {...{ words, moving, onChange }} slot="lesson" />
      <LineField
        label="Title above the step"
        field="stepTitle"
        value={words.stepTitle}
        limit={sheet.limits.stepTitle}
        findings={findings}
        disabled={disabled}
        onChange={(stepTitle) => onChange({ ...words, stepTitle })}
      />
      <SlotEditor {...common} {...{ words, moving, onChange }} slot="step" />
    </Stack>
  )
}
