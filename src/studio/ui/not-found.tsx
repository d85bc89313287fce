import { Anchor, Text } from '@mantine/core'
import { Link } from 'wouter'
import { Page } from './page.tsx'

export function NotFound() {
  return (
    <Page title="Nothing is here">
      <Text>
        This address leads to no page.{' '}
        <Anchor component={Link} href="/">
          Go to the overview
        </Anchor>
      </Text>
    </Page>
  )
}
