import { NativeSelect } from '@mantine/core'
import { type Role, roles } from '../../core/user.ts'

const meanings: Record<Role, string> = {
  viewer: 'viewer: looks',
  editor: 'editor: changes words, acts on leads',
  admin: 'admin: runs everything',
}

/** Chooses what somebody may do. */
export function RoleSelect({
  label,
  value,
  hideLabel = false,
  disabled = false,
  onChange,
}: {
  label: string
  value: Role
  hideLabel?: boolean
  disabled?: boolean
  onChange: (role: Role) => void
}) {
  return (
    <NativeSelect
      {...(hideLabel ? { 'aria-label': label } : { label })}
      value={value}
      disabled={disabled}
      data={roles.map((role) => ({ value: role, label: meanings[role] }))}
      onChange={(event) => onChange(event.currentTarget.value as Role)}
    />
  )
}
