import { Alert, Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { Empty } from '../../ui/empty.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'
import { When } from '../../ui/when.tsx'
import { useSolve } from './use-problems.ts'

/** What stands still, and what nobody was told. */
export function Service() {
  const query = useQuery({
    queryKey: ['problems', 'service'],
    queryFn: () => read(api.problems.service.$get()),
  })
  const mayAct = useMay('editor')
  const resume = useSolve(
    () => read(api.sequences.resume.$post()),
    () => 'Sending again.',
  )
  const again = useSolve(
    (template: string) => read(api.problems.service.templates.resume.$post({ json: { template } })),
    ({ released }) => `Tried again: ${released} mails are due now.`,
  )
  const retry = useSolve(
    (id: string) => read(api.problems.service.alerts[':id'].retry.$post({ param: { id } })),
    () => 'It waits to be mailed again.',
  )
  return (
    <QueryView query={query}>
      {({ status, pause, templatesPaused, failedAlertList, sourcesRefusing, hooksRefusing, copyNotUsed }) => {
        const isCalm =
          status !== 'stalled' &&
          !pause &&
          [templatesPaused, failedAlertList, sourcesRefusing, hooksRefusing, copyNotUsed].every(
            ({ length }) => length === 0,
          )
        if (isCalm)
          return (
            <Empty title="Nothing stands still">Pauses, and alerts that nobody got, would stand here.</Empty>
          )
        return (
          <Stack gap="sm">
            {pause && (
              <Alert color="orange" title="All sending is paused">
                <Text size="sm" mb="sm">
                  {pause.reason}
                  {pause.until && (
                    <>
                      , until <When at={pause.until} />
                    </>
                  )}
                  . Nothing is lost: what is due waits.
                </Text>
                {mayAct && <Button onClick={() => resume.mutate(undefined)}>Send again</Button>}
              </Alert>
            )}
            {status === 'stalled' && (
              <Alert color="red" title="No worker is running">
                Nothing is sent until one is.
              </Alert>
            )}
            {templatesPaused.map(({ template, since, error }) => (
              <Alert key={template} color="orange" title={`The mail ${template} is paused`}>
                <Text size="sm" mb="sm">
                  It failed several times ({error}), since <When at={since} />. Mend its words, then try it
                  again.
                </Text>
                {mayAct && <Button onClick={() => again.mutate(template)}>Try again</Button>}
              </Alert>
            ))}
            {copyNotUsed.map(({ template, revision, misfit }) => (
              <Alert key={template} color="yellow" title={`Published words of ${template} are not used`}>
                Revision {revision} does not fit the template any more: {misfit}. The words in code go out
                instead.
              </Alert>
            ))}
            {sourcesRefusing.map(({ source, refused, last }) => (
              <Alert key={source} color="yellow" title={`Forms of ${source} were refused`}>
                {refused === 1 ? 'Once' : `${refused} times`}, last <When at={last} />: the signature or
                secret was wrong. Was a secret changed on one side only?
              </Alert>
            ))}
            {hooksRefusing.map(({ tool, refused, last }) => (
              <Alert key={tool} color="yellow" title={`The webhook of ${tool} was refused`}>
                At least {refused === 1 ? 'once' : `${refused} times`}, last <When at={last} />: the signature
                or secret was wrong. Was a secret changed on one side only?
              </Alert>
            ))}
            {failedAlertList.map(({ id, kind, reason, createdAt }) => (
              <Alert key={id} color="red" title={`An alert could not be mailed: ${kind}`}>
                <Text size="sm" mb={mayAct ? 'sm' : 0}>
                  {reason} <When at={createdAt} />
                </Text>
                {mayAct && <Button onClick={() => retry.mutate(id)}>Mail it again</Button>}
              </Alert>
            ))}
          </Stack>
        )
      }}
    </QueryView>
  )
}
