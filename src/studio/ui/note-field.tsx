import { TextInput } from '@mantine/core'

/** Why something is published or brought back, as its history will say. */
export const NoteField = ({ value, onChange }: { value: string; onChange: (note: string) => void }) => (
  <TextInput
    label="Why, for those who come later"
    value={value}
    maxLength={200}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
)
