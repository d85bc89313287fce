import { Text } from '@mantine/core'

export type Finding = { level: 'refuse' | 'warn'; field: string; message: string }

/** What the checks say of one place, beside it. */
export function Findings({ all, field }: { all: readonly Finding[]; field: string }) {
  const here = all.filter((one) => one.field === field)
  if (here.length === 0) return null
  return (
    <>
      {here.map(({ level, message }) => (
        <Text key={message} size="sm" className={level === 'refuse' ? 'must-mend' : 'worth-a-look'}>
          {level === 'refuse' ? 'Mend: ' : 'Look: '}
          {message}.
        </Text>
      ))}
    </>
  )
}
