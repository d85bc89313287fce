import { Alert, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../api.ts'
import classes from './mail-frame.module.css'

const grounds = [
  { scheme: 'light', name: 'By day' },
  { scheme: 'dark', name: 'By night' },
] as const

/** The logo as it stands at the top of a mail, on both grounds, or why no mail would show it. Nothing without a logo. */
export function LogoLook() {
  const query = useQuery({
    queryKey: ['logo'],
    queryFn: () => read(api.brand.logo.$get()),
    staleTime: 60_000,
  })
  const look = query.data
  if (!look || look.logo === 'none') return null
  if (look.logo === 'missing')
    return (
      <Alert color="orange" title="The logo cannot be shown" mt="md">
        {look.problem} Until then readers see the clinic’s name in its place.
      </Alert>
    )
  const { type, kilobytes, width, height, warning } = look
  return (
    <section aria-label="The logo in a mail">
      <div className={classes.logos}>
        {grounds.map(({ scheme, name }) => (
          <figure key={scheme}>
            <div className={classes.logo} aria-hidden="true">
              <iframe
                sandbox=""
                loading="lazy"
                tabIndex={-1}
                title=""
                src={`/studio/api/brand/logo/preview?scheme=${scheme}&at=${query.dataUpdatedAt}`}
              />
            </div>
            <Text size="sm" component="figcaption">
              {name}
            </Text>
          </figure>
        ))}
      </div>
      <Text size="sm" className="soft">
        The logo at the top of a mail: {type}, {kilobytes} kB, shown {width} px wide and {height} px high.
      </Text>
      {warning && (
        <Text size="sm" className="worth-a-look">
          Look: {warning}
        </Text>
      )}
    </section>
  )
}
