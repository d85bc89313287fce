import { Button, Group, Text, Textarea, TextInput } from '@mantine/core'
import { type KeyboardEvent, useId, useRef } from 'react'
import { type Finding, Findings } from '../../ui/findings.tsx'

type Props = {
  label: string
  /** Where it stands in the words, as the checks name it. */
  field: string
  value: string
  /** Most characters that fit. */
  limit: number | undefined
  findings: readonly Finding[]
  disabled: boolean
  onChange: (value: string) => void
}

/** How much of the room is used, and what the checks say. */
function Below({ value, limit, findings, field }: Pick<Props, 'value' | 'limit' | 'findings' | 'field'>) {
  return (
    <>
      {limit !== undefined && value.length > limit * 0.8 && (
        <Text size="sm" className={value.length > limit ? 'must-mend' : 'soft'}>
          {value.length} of {limit} characters
        </Text>
      )}
      <Findings all={findings} field={field} />
    </>
  )
}

/** One line of plain words. */
export function LineField({ label, field, value, limit, findings, disabled, onChange }: Props) {
  return (
    <div data-field={field}>
      <TextInput
        label={label}
        value={value}
        readOnly={disabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Below {...{ value, limit, findings, field }} />
    </div>
  )
}

const marks = { b: '**', i: '*' } as const

/** Words that may be bold, italic or a link; the buttons and the usual keys put the marks. */
export function TextField({ label, field, value, limit, findings, disabled, onChange }: Props) {
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)

  /** Puts text around what is selected, or takes it away where it stands already. */
  function wrap(before: string, after: string) {
    const { selectionStart: from, selectionEnd: to } = area.current!
    const inside = value.slice(from, to)
    const isSet =
      value.slice(from - before.length, from) === before && value.slice(to, to + after.length) === after
    const next = isSet
      ? value.slice(0, from - before.length) + inside + value.slice(to + after.length)
      : value.slice(0, from) + before + inside + after + value.slice(to)
    onChange(next)
    const start = isSet ? from - before.length : from + before.length
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(start, start + inside.length)
    })
  }

  function keys(event: KeyboardEvent) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const mark = marks[event.key as keyof typeof marks]
    if (mark) wrap(mark, mark)
    else if (event.key === 'k') wrap('[', '](https://)')
    else return
    event.preventDefault()
  }

  return (
    <div data-field={field}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text component="label" htmlFor={id} size="sm" fw={500}>
          {label}
        </Text>
        {!disabled && (
          <Group gap={4}>
            <Button size="compact-sm" variant="default" onClick={() => wrap('**', '**')}>
              Bold
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => wrap('*', '*')}>
              Italic
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => wrap('[', '](https://)')}>
              Link
            </Button>
          </Group>
        )}
      </Group>
      <Textarea
        id={id}
        ref={area}
        autosize
        minRows={2}
        value={value}
        readOnly={disabled}
        onKeyDown={disabled ? undefined : keys}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Below {...{ value, limit, findings, field }} />
    </div>
  )
}
