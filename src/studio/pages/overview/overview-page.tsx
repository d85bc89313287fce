import { Text } from '@mantine/core'
import { Page } from '../../ui/page.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMe } from '../../ui/use-me.ts'

export default function OverviewPage() {
  const me = useMe()
  return (
    <Page title="Overview">
      <QueryView query={me}>{({ clinic }) => <Text>The studio of {clinic.name}.</Text>}</QueryView>
    </Page>
  )
}
