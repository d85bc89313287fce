import { Checkbox, Group, NumberInput, TextInput } from '@mantine/core'
import { type Finding, Findings } from '../../ui/findings.tsx'
import { nameOf, type Timing } from './sequence-api.ts'
import { weekdays } from './times.ts'

type Weekday = Timing['window']['days'][number]

/** The delay and the window of one step, to be changed. */
export function TimingFields({
  step,
  timing,
  findings,
  onChange,
}: {
  step: string
  timing: Timing
  findings: readonly Finding[]
  onChange: (timing: Timing) => void
}) {
  const { delayDays, window } = timing
  const to = (change: Partial<Timing['window']>) => onChange({ delayDays, window: { ...window, ...change } })
  return (
    <fieldset className="plain-fields" aria-label={`Times of ${nameOf(step)}`}>
      <Group align="flex-start" gap="md">
        <NumberInput
          label="Days after the mail before"
          w={190}
          min={1}
          max={60}
          allowDecimal={false}
          value={delayDays}
          onChange={(value) => typeof value === 'number' && onChange({ delayDays: value, window })}
        />
        <TextInput
          label="From"
          type="time"
          value={window.from}
          onChange={(event) => to({ from: event.currentTarget.value as `${number}:${number}` })}
        />
        <TextInput
          label="Until"
          type="time"
          value={window.to}
          onChange={(event) => to({ to: event.currentTarget.value as `${number}:${number}` })}
        />
      </Group>
      <Checkbox.Group
        label="On these days, in the lead’s own time"
        mt="sm"
        value={window.days.map(String)}
        onChange={(days) => to({ days: days.map((day) => Number(day) as Weekday).sort((a, b) => a - b) })}
      >
        <Group gap="sm" mt={4}>
          {weekdays.map((name, at) => (
            <Checkbox key={name} value={String(at + 1)} label={name} />
          ))}
        </Group>
      </Checkbox.Group>
      <Findings all={findings} field={step} />
      <Findings all={findings} field={`${step}.delayDays`} />
      <Findings all={findings} field={`${step}.window`} />
    </fieldset>
  )
}
