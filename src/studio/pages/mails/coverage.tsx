import { Stack, Text } from '@mantine/core'
import type { Review } from './copy-api.ts'
import classes from './mails.module.css'

/** Point by point, the sentence that teaches what the article says. */
export function Coverage({ points }: { points: Review['coverage'] }) {
  if (points.length === 0) return <Text size="sm">This mail promises no point of the article.</Text>
  const kept = points.filter(({ found }) => found).length
  return (
    <Stack gap="sm">
      <Text size="sm">
        {kept} of {points.length} points of the article are taught.
      </Text>
      <ul className={classes['plain-list']} aria-label="Points of the article">
        {points.map(({ id, says, phrase, sentence, found }) => (
          <li key={id}>
            <Text size="sm" fw={500}>
              {says}
            </Text>
            {found ? (
              <Text size="sm" className="soft">
                “{sentence}”
              </Text>
            ) : (
              <Text size="sm" className="worth-a-look">
                Not found any more: “{phrase}”. Make sure that other words teach it.
              </Text>
            )}
          </li>
        ))}
      </ul>
    </Stack>
  )
}
