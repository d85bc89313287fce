import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { Loading } from './ui/loading.tsx'
import { NotFound } from './ui/not-found.tsx'

const OverviewPage = lazy(() => import('./pages/overview/overview-page.tsx'))
const SettingsPage = lazy(() => import('./pages/settings/settings-page.tsx'))

/** Which page an address shows. Each is loaded when it is first asked for. */
export function Pages() {
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/settings/:tab?" component={SettingsPage} />
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  )
}
