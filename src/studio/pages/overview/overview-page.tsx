import { Page } from '../../ui/page.tsx'
import { FirstSteps } from './first-steps.tsx'

export default function OverviewPage() {
  return (
    <Page title="Overview">
      <FirstSteps />
    </Page>
  )
}
