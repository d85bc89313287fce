import { Alert, Button, Card, Code, Group, List, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, read } from '../../api.ts'
import { fieldErrors } from '../../ui/form-errors.ts'
import { QueryView } from '../../ui/query-view.tsx'

/** Connects a form: an address of its own, and the three steps in its tool. */
export function Forms() {
  const query = useQuery({
    queryKey: ['tools'],
    queryFn: () => read(api.sources.tools.$get()),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return <QueryView query={query}>{({ tools }) => <Connect tools={tools} />}</QueryView>
}

type Tool = { adapter: string; tool: string; steps: readonly string[]; makesSecret: boolean }

function Connect({ tools }: { tools: readonly Tool[] }) {
  const queries = useQueryClient()
  const [adapter, setAdapter] = useState('html-form')
  const [name, setName] = useState('')
  const [secret, setSecret] = useState('')
  const tool = tools.find((one) => one.adapter === adapter)!
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      read(api.sources.$post({ json: { adapter, name, ...(tool.makesSecret ? { secret } : {}) } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['first-steps'] }),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    add.mutate()
  }
  const errors = fieldErrors(add.error)
  return (
    <Stack>
      <Card withBorder padding="lg" component="form" onSubmit={send}>
        <Group align="flex-start" gap="sm">
          <NativeSelect
            label="Which tool is the form made with"
            value={adapter}
            data={tools.map((one) => ({ value: one.adapter, label: one.tool }))}
            onChange={(event) => {
              setAdapter(event.currentTarget.value)
              add.reset()
            }}
          />
          <TextInput
            label="What the front desk calls it"
            placeholder="Contact page"
            required
            maxLength={120}
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {tool.makesSecret && (
            <TextInput
              label="The secret that the tool shows"
              required
              value={secret}
              error={errors.secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
          )}
          <Button type="submit" mt={25} loading={add.isPending}>
            Make its address
          </Button>
        </Group>
        {add.error && Object.keys(errors).length === 0 && (
          <Text role="alert" mt="sm">
            {add.error.message}
          </Text>
        )}
      </Card>
      {add.data && (
        <Alert color="pine" title="Its address is ready" role="status">
          <Text className="secret">
            Address: <Code>{add.data.address}</Code>
          </Text>
          {add.data.secret && (
            <Text className="secret">
              Secret: <Code>{add.data.secret}</Code>
            </Text>
          )}
          {add.data.script && (
            <>
              <Text className="secret">The script to paste:</Text>
              <Code block tabIndex={0} aria-label="The script to paste" role="region">
                {add.data.script}
              </Code>
            </>
          )}
          {add.data.hosted && (
            <Text className="secret">
              Hosted form: <Code>{add.data.hosted}</Code>
            </Text>
          )}
        </Alert>
      )}
      <Card withBorder padding="lg">
        <Text fw={600} mb="xs">
          {tool.tool}, in three steps
        </Text>
        <List type="ordered" spacing="xs">
          {tool.steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      </Card>
    </Stack>
  )
}
