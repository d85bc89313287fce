import { Anchor, Text } from '@mantine/core'
import type { Review } from './copy-api.ts'
import classes from './mails.module.css'

const names: Readonly<Record<string, string>> = {
  mail: 'The whole mail',
  subject: 'Subject',
  topicalSubject: 'Subject on the topic',
  preheader: 'Preheader',
  eyebrow: 'Small line',
  title: 'Title',
  stepTitle: 'Title above the step',
  'art.alt': 'Drawing',
  opening: 'Opening',
  lesson: 'Lesson',
  step: 'The one clear step',
}

/** `lesson.2.text` as people find it on the page. */
function placeOf(field: string): string {
  const [slot = '', at, ...rest] = field.split('.')
  if (names[field]) return names[field]
  if (at === undefined || Number.isNaN(Number(at))) return names[slot] ?? field
  const item = rest[0] === 'items' && rest[1] !== undefined ? `, point ${Number(rest[1]) + 1}` : ''
  return `${names[slot] ?? slot}, ${Number(at) + 1}${item}`
}

/** Goes to the field that a finding is about. */
function goTo(field: string) {
  const parts = field.split('.')
  while (parts.length > 0) {
    const place = document.querySelector(`[data-field="${CSS.escape(parts.join('.'))}"]`)
    const input = place?.querySelector<HTMLElement>('input, textarea, select')
    if (input) {
      input.focus()
      input.scrollIntoView({ block: 'center' })
      return
    }
    parts.pop()
  }
}

/** Everything that publishing would say of these words now. */
export function Checks({ findings }: { findings: Review['findings'] }) {
  if (findings.length === 0) return <Text size="sm">All checks pass: it can be published.</Text>
  const sorted = [...findings].sort((a, b) => a.level.localeCompare(b.level))
  return (
    <ul className={classes['plain-list']} aria-label="Checks">
      {sorted.map(({ level, field, message }) => (
        <li key={`${field} ${message}`}>
          <Text size="sm" className={level === 'refuse' ? 'must-mend' : 'worth-a-look'}>
            <strong>{level === 'refuse' ? 'Mend' : 'Look'}</strong>:{' '}
            {field === 'mail' ? (
              placeOf(field)
            ) : (
              <Anchor
                component="button"
                type="button"
                inherit
                c="inherit"
                td="underline"
                onClick={() => goTo(field)}
              >
                {placeOf(field)}
              </Anchor>
            )}{' '}
            {message}.
          </Text>
        </li>
      ))}
    </ul>
  )
}
