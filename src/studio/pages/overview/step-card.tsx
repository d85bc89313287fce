import { Badge, Card, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** One first step: what it is, whether it is done, and the way to do it. */
export function StepCard({
  title,
  state,
  children,
}: {
  title: string
  state: 'done' | 'open' | 'unknown'
  children: ReactNode
}) {
  const look = { done: 'teal', open: 'orange', unknown: 'gray' }[state]
  const word = { done: 'Done', open: 'To do', unknown: 'Not known' }[state]
  return (
    <Card withBorder padding="lg" component="section" aria-label={title}>
      <Group justify="space-between" gap="sm" mb="xs" wrap="nowrap" align="flex-start">
        <Title order={3} size="h4">
          {title}
        </Title>
        <Badge color={look} variant="light" className={`state state-${state}`}>
          {word}
        </Badge>
      </Group>
      {typeof children === 'string' ? <Text>{children}</Text> : children}
    </Card>
  )
}
