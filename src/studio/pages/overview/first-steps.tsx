import { Anchor, List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { api, read } from '../../api.ts'
import { QueryView } from '../../ui/query-view.tsx'
import { LogoLook } from '../../ui/logo-look.tsx'
import { GoLive } from './go-live.tsx'
import { NoteStep } from './note-step.tsx'
import { SenderStep } from './sender-step.tsx'
import { StepCard } from './step-card.tsx'
import { TestStep } from './test-step.tsx'

const fieldNames: Readonly<Record<string, string>> = {
  clinicName: 'name',
  area: 'area',
  from: 'sender',
  replyTo: 'reply address',
  postalAddress: 'postal address',
  phone: 'phone',
  bookingUrl: 'booking link',
  signature: 'who signs',
}

const stateOf = ({ done }: { done: boolean }) => (done ? 'done' : 'open')

/** What a new clinic does once; each step stays until it is done. */
export function FirstSteps() {
  const query = useQuery({
    queryKey: ['first-steps'],
    queryFn: () => read(api['first-steps'].$get()),
    refetchInterval: 5_000,
  })
  return (
    <QueryView query={query}>
      {({ brand, note, call, form, test, live }) => {
        const all = [brand, note, call, form, test]
        const done = all.filter((one) => one.done).length
        return (
          <Stack>
            <div>
              <Title order={2} size="h3">
                First steps
              </Title>
              <Text c="dimmed">
                {done} of {all.length} done.
                {live.mode === 'sandbox' && ' This is a sandbox: every mail stays on this machine.'}
              </Text>
            </div>
            <StepCard title="The clinic’s details" state={stateOf(brand)}>
              {brand.done ? (
                <Then go="/settings/brand" label="Change them">
                  Name, sender, address, phone and booking link are the clinic’s own.
                </Then>
              ) : (
                <Then go="/settings/brand" label="Fill them in">
                  Still the sample’s: {brand.missing.map((field) => fieldNames[field] ?? field).join(', ')}.
                </Then>
              )}
              <LogoLook />
            </StepCard>
            <NoteStep note={note} />
            <StepCard title="What a call is like" state={stateOf(call)}>
              <Then go="/settings/brand" label={call.done ? 'Change it' : 'Say it'}>
                {call.done
                  ? 'The emails say who calls, how long it takes, what it costs and what happens.'
                  : 'Who calls, how long it takes, what it costs and what happens. While you say nothing, the emails say nothing.'}
              </Then>
            </StepCard>
            <SenderStep />
            <StepCard title="A form that sends leads" state={stateOf(form)}>
              {form.sources.length > 0 && (
                <List mb="xs">
                  {form.sources.map(({ slug, name, hasLead }) => (
                    <List.Item key={slug}>
                      {name}: {hasLead ? 'leads come through' : 'nothing came yet. Send the form once.'}
                    </List.Item>
                  ))}
                </List>
              )}
              <Then
                go="/settings/forms"
                label={form.sources.length > 0 ? 'Connect another' : 'Connect a form'}
              >
                {form.sources.length > 0
                  ? ''
                  : 'An address of your own for each form, with three steps to do in its tool.'}
              </Then>
            </StepCard>
            <TestStep test={test} />
            <GoLive live={live} />
          </Stack>
        )
      }}
    </QueryView>
  )
}

function Then({ go, label, children }: { go: string; label: string; children: ReactNode }) {
  return (
    <>
      {children !== '' && <Text mb="xs">{children}</Text>}
      <Anchor component={Link} href={go}>
        {label}
      </Anchor>
    </>
  )
}
