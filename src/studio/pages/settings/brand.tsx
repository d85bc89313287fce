import {
  Button,
  Card,
  ColorInput,
  Group,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Brand as BrandOf } from '../../../core/brand.ts'
import { api, read } from '../../api.ts'
import { fieldErrors } from '../../ui/form-errors.ts'
import { LogoLook } from '../../ui/logo-look.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { useMay } from '../../ui/use-me.ts'

type Fields = Omit<BrandOf, 'timeZone' | 'openingDays' | 'holidays'>

const plain: readonly [
  keyof Fields & ('clinicName' | 'area' | 'from' | 'replyTo' | 'postalAddress' | 'phone' | 'bookingUrl'),
  string,
  string,
][] = [
  ['clinicName', 'Name of the clinic', 'As it stands in every email'],
  ['area', 'Where it is', 'As people there say it: “Bryn Mawr and the Main Line”'],
  ['from', 'Sender', 'Name and address: Clinic <hello@mail.clinic.example>'],
  ['replyTo', 'Reply address', 'A mailbox that a person reads'],
  ['postalAddress', 'Postal address', 'The law wants it in every email'],
  ['phone', 'Phone', 'With its country: +16105550100'],
  ['bookingUrl', 'Booking link', 'The page on which a call is booked'],
]
const colorNames: readonly [keyof Fields['colors'], string][] = [
  ['primary', 'Main colour'],
  ['onPrimary', 'Text on it'],
  ['ink', 'Text'],
  ['paper', 'Paper'],
  ['accent', 'Accent'],
]
const callFields: readonly [keyof NonNullable<Fields['call']>, string][] = [
  ['who', 'Who calls'],
  ['length', 'How long it takes'],
  ['cost', 'What it costs'],
  ['what', 'What happens'],
]

/** All that the clinic says about itself, for every email and page from the next moment on. */
export function Brand() {
  const query = useQuery({ queryKey: ['brand'], queryFn: () => read(api.brand.$get()) })
  return (
    <QueryView query={query}>
      {({ brand, version }) => {
        const { timeZone: _zone, openingDays: _days, holidays: _shut, ...fields } = brand
        return <BrandForm key={version} start={fields} version={version} />
      }}
    </QueryView>
  )
}

function BrandForm({ start, version }: { start: Fields; version: number }) {
  const queries = useQueryClient()
  const isAdmin = useMay('admin')
  const [brand, setBrand] = useState(start)
  const set = (change: Partial<Fields>) => setBrand((now) => ({ ...now, ...change }))
  const changed = Object.fromEntries(
    Object.entries(brand).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(start[name as keyof Fields]),
    ),
  ) as Partial<Fields>
  const save = useMutation({
    mutationFn: () => read(api.brand.$put({ json: { base: version, brand: changed } })),
    onSuccess: async () => {
      notifications.show({ message: 'Saved. Every email from now on says it.' })
      await Promise.all(
        [['brand'], ['first-steps'], ['logo'], ['me'], ['sender']].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      )
    },
  })
  const errors = fieldErrors(save.error)
  const errorOf = (field: string) => errors[`brand.${field}`]
  const send = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const disabled = !isAdmin
  return (
    <form onSubmit={send}>
      <Stack>
        {disabled && <Text>Only an admin may change this.</Text>}
        <Card withBorder padding="lg">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {plain.map(([field, label, description]) => (
              <TextInput
                key={field}
                label={label}
                description={description}
                required
                disabled={disabled}
                value={brand[field]}
                error={errorOf(field)}
                onChange={(event) => set({ [field]: event.currentTarget.value })}
              />
            ))}
            <TextInput
              label="Who signs"
              description="Name"
              required
              disabled={disabled}
              value={brand.signature.name}
              error={errorOf('signature.name')}
              onChange={(event) =>
                set({ signature: { ...brand.signature, name: event.currentTarget.value } })
              }
            />
            <TextInput
              label="Role of who signs"
              description="Such as physical therapist"
              required
              disabled={disabled}
              value={brand.signature.role}
              error={errorOf('signature.role')}
              onChange={(event) =>
                set({ signature: { ...brand.signature, role: event.currentTarget.value } })
              }
            />
          </SimpleGrid>
        </Card>
        <Card withBorder padding="lg">
          <Title order={2} size="h4" mb="sm">
            Colours and logo
          </Title>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
            {colorNames.map(([color, label]) => (
              <ColorInput
                key={color}
                label={label}
                disabled={disabled}
                value={brand.colors[color]}
                error={errorOf(`colors.${color}`)}
                eyeDropperButtonProps={{ 'aria-label': `Take ${label} from the screen` }}
                onChange={(value) => set({ colors: { ...brand.colors, [color]: value } })}
              />
            ))}
            <TextInput
              label="Logo"
              description="https address of an image; empty for the name in type"
              disabled={disabled}
              value={brand.logoUrl ?? ''}
              error={errorOf('logoUrl')}
              onChange={(event) => set({ logoUrl: event.currentTarget.value || null })}
            />
          </SimpleGrid>
          <LogoLook />
          <Text size="sm" c="dimmed" mt="sm">
            Emails bend a colour until its text can be read.
          </Text>
        </Card>
        <Card withBorder padding="lg">
          <Textarea
            label="When to seek urgent care"
            description="The clinic’s own words. Other words need a new approval on the overview."
            autosize
            minRows={3}
            required
            disabled={disabled}
            value={brand.urgentCareNote}
            error={errorOf('urgentCareNote')}
            onChange={(event) => set({ urgentCareNote: event.currentTarget.value })}
          />
        </Card>
        <Card withBorder padding="lg">
          <Switch
            label="The emails say what a call is like"
            disabled={disabled}
            checked={brand.call !== null}
            onChange={(event) =>
              set({ call: event.currentTarget.checked ? { who: '', length: '', cost: '', what: '' } : null })
            }
          />
          {brand.call && (
            <SimpleGrid cols={{ base: 1, sm: 2 }} mt="md">
              {callFields.map(([field, label]) => (
                <TextInput
                  key={field}
                  label={label}
                  required
                  disabled={disabled}
                  value={brand.call![field]}
                  error={errorOf(`call.${field}`)}
                  onChange={(event) => set({ call: { ...brand.call!, [field]: event.currentTarget.value } })}
                />
              ))}
            </SimpleGrid>
          )}
        </Card>
        {isAdmin && (
          <Group>
            <Button type="submit" disabled={Object.keys(changed).length === 0} loading={save.isPending}>
              Save
            </Button>
            <Text size="sm" c="dimmed">
              Time zone, opening days and holidays are set in the environment.
            </Text>
          </Group>
        )}
      </Stack>
    </form>
  )
}
