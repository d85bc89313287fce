import { NativeSelect, Stack, Textarea } from '@mantine/core'
import type { Block } from '../../../core/copy.ts'
import { type Finding, Findings } from '../../ui/findings.tsx'
import type { Sheet } from './copy-api.ts'
import { LineField, TextField } from './text-field.tsx'

/** What can be typed into one block. */
export function BlockFields({
  block,
  at,
  sheet,
  findings,
  disabled,
  onChange,
}: {
  block: Block
  /** Its place in the words, such as `lesson.2`. */
  at: string
  sheet: Sheet
  findings: readonly Finding[]
  disabled: boolean
  onChange: (block: Block) => void
}) {
  const common = { findings, disabled }
  const { limits, drawings } = sheet
  switch (block.type) {
    case 'paragraph':
      return (
        <TextField
          {...common}
          label="Text"
          field={`${at}.text`}
          value={block.text}
          limit={limits['paragraph.text']}
          onChange={(text) => onChange({ ...block, text })}
        />
      )
    case 'list':
      return (
        <div data-field={`${at}.items`}>
          <Textarea
            label="Points, one on each line"
            autosize
            minRows={2}
            readOnly={disabled}
            value={block.items.join('\n')}
            onChange={(event) => onChange({ ...block, items: event.currentTarget.value.split('\n') })}
          />
          <NativeSelect
            label="Marks"
            mt="xs"
            disabled={disabled}
            value={block.marks}
            data={[
              { value: 'dots', label: 'Dots' },
              { value: 'numbers', label: 'Numbers' },
            ]}
            onChange={(event) =>
              onChange({ ...block, marks: event.currentTarget.value as 'dots' | 'numbers' })
            }
          />
          <Findings all={findings} field={`${at}.items`} />
          {block.items.map((_, item) => (
            <Findings key={item} all={findings} field={`${at}.items.${item}`} />
          ))}
        </div>
      )
    case 'callout':
      return (
        <Stack gap="xs">
          <LineField
            {...common}
            label="Title"
            field={`${at}.title`}
            value={block.title}
            limit={limits['callout.title']}
            onChange={(title) => onChange({ ...block, title })}
          />
          <TextField
            {...common}
            label="Idea"
            field={`${at}.text`}
            value={block.text}
            limit={limits['callout.text']}
            onChange={(text) => onChange({ ...block, text })}
          />
        </Stack>
      )
    case 'image':
      return (
        <DrawingFields
          {...{ drawings, limits, findings, disabled }}
          at={at}
          value={block}
          onChange={(art) => onChange({ ...block, ...art })}
        />
      )
    case 'button':
      return (
        <Stack gap="xs">
          <LineField
            {...common}
            label="Words on the button"
            field={`${at}.label`}
            value={block.label}
            limit={limits['button.label']}
            onChange={(label) => onChange({ ...block, label })}
          />
          <NativeSelect
            label="Leads to"
            disabled={disabled}
            value={block.to}
            data={[
              { value: 'booking', label: 'the booking page' },
              { value: 'call-me', label: 'the page that asks us to call' },
            ]}
            onChange={(event) =>
              onChange({ ...block, to: event.currentTarget.value as 'booking' | 'call-me' })
            }
          />
        </Stack>
      )
  }
}

/** One of our drawings, and what it shows in words. */
export function DrawingFields({
  at,
  value,
  drawings,
  limits,
  findings,
  disabled,
  onChange,
}: {
  at: string
  value: { drawing: string; alt: string }
  drawings: readonly string[]
  limits: Sheet['limits']
  findings: readonly Finding[]
  disabled: boolean
  onChange: (value: { drawing: string; alt: string }) => void
}) {
  return (
    <Stack gap="xs">
      <NativeSelect
        label="Drawing"
        disabled={disabled}
        value={value.drawing}
        data={[...drawings]}
        onChange={(event) => onChange({ alt: value.alt, drawing: event.currentTarget.value })}
      />
      <LineField
        {...{ findings, disabled }}
        label="What it shows, for who cannot see it"
        field={`${at}.alt`}
        value={value.alt}
        limit={limits['image.alt']}
        onChange={(alt) => onChange({ drawing: value.drawing, alt })}
      />
    </Stack>
  )
}
