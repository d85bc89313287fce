import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { Loading } from './ui/loading.tsx'
import { NotFound } from './ui/not-found.tsx'

const EditorPage = lazy(() => import('./pages/mails/editor-page.tsx'))
const LeadPage = lazy(() => import('./pages/leads/lead-page.tsx'))
const LeadsPage = lazy(() => import('./pages/leads/leads-page.tsx'))
const MailsPage = lazy(() => import('./pages/mails/mails-page.tsx'))
const OverviewPage = lazy(() => import('./pages/overview/overview-page.tsx'))
const ProblemsPage = lazy(() => import('./pages/problems/problems-page.tsx'))
const SequencePage = lazy(() => import('./pages/sequence/sequence-page.tsx'))
const SettingsPage = lazy(() => import('./pages/settings/settings-page.tsx'))
const UpcomingPage = lazy(() => import('./pages/upcoming/upcoming-page.tsx'))

/** Which page an address shows. Each is loaded when it is first asked for. */
export function Pages() {
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/sequence/:key?">
          {({ key }) => <SequencePage key={key} sequence={key ?? 'back-spasms'} />}
        </Route>
        <Route path="/mails" component={MailsPage} />
        <Route path="/mails/:template">
          {({ template }) => <EditorPage key={template} template={template} />}
        </Route>
        <Route path="/leads" component={LeadsPage} />
        <Route path="/leads/:id" component={LeadPage} />
        <Route path="/upcoming" component={UpcomingPage} />
        <Route path="/problems/:tab?" component={ProblemsPage} />
        <Route path="/settings/:tab?" component={SettingsPage} />
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  )
}
