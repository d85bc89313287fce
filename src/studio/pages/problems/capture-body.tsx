import { Button, NativeSelect, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, read } from '../../api.ts'
import { QueryView } from '../../ui/query-view.tsx'
import { useSolve } from './use-problems.ts'

/** What came, with addresses and numbers hidden, and which field of the form means what. */
export function CaptureBody({ id, canMap }: { id: string; canMap: boolean }) {
  const query = useQuery({
    queryKey: ['problems', 'capture', id],
    queryFn: () => read(api.problems.captures[':id'].$get({ param: { id } })),
  })
  return (
    <QueryView query={query}>
      {({ text, source, fields, mapping, mappable }) => (
        <Stack mt="md">
          <Text size="sm" c="dimmed">
            Addresses and phone numbers are hidden.
          </Text>
          <pre className="mail-text" tabIndex={0} aria-label="What came">
            {text ?? 'Its body was erased.'}
          </pre>
          {canMap && fields && (
            <Mapping source={source} fields={fields} mapping={mapping ?? {}} mappable={mappable} />
          )}
          {canMap && !fields && (
            <Text size="sm">
              This form has another shape than its tool sends, so its fields cannot be named here. Was the
              source connected as the right kind of form?
            </Text>
          )}
        </Stack>
      )}
    </QueryView>
  )
}

type Field = { key: string; label: string | null; readAs: string[] }

const guess = ''
const none = ' none'

function Mapping({
  source,
  fields,
  mapping,
  mappable,
}: {
  source: string
  fields: readonly Field[]
  mapping: Partial<Record<string, string | null>>
  mappable: readonly string[]
}) {
  const [chosen, setChosen] = useState(mapping)
  const save = useSolve(
    () => read(api.problems.mapping.$post({ json: { source, mapping: chosen } })),
    () => 'Kept. Now try the form again.',
  )
  const choices = [
    { value: guess, label: 'Guess it' },
    { value: none, label: 'The form does not have it' },
    ...fields.map(({ key, label }) => ({ value: key, label: label ?? key })),
  ]
  const set = (target: string, value: string) =>
    setChosen(({ [target]: _before, ...rest }) =>
      value === guess ? rest : { ...rest, [target]: value === none ? null : value },
    )
  const guessed = (target: string) =>
    target in chosen ? undefined : fields.find(({ readAs }) => readAs.includes(target))
  const send = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(undefined)
  }
  return (
    <Stack component="form" onSubmit={send} gap="sm">
      <Title order={2} size="h5">
        Which field means what
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }} spacing="sm">
        {mappable.map((target) => {
          const field = guessed(target)
          return (
            <NativeSelect
              key={target}
              label={target}
              description={field ? `Guessed: ${field.label ?? field.key}` : undefined}
              value={target in chosen ? (chosen[target] ?? none) : guess}
              data={choices}
              onChange={(event) => set(target, event.currentTarget.value)}
            />
          )
        })}
      </SimpleGrid>
      <div>
        <Button type="submit" variant="default" loading={save.isPending}>
          Keep this for {source}
        </Button>
      </div>
    </Stack>
  )
}
