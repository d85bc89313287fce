import { Group, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'

/** The frame of one page: its title, which takes the focus when one comes from another page, and what it can do. */
export function Page({
  title,
  actions,
  children,
}: {
  title: string
  actions?: ReactNode
  children: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Studio`
  }, [title])
  useEffect(() => {
    // Not on the first load: there a screen reader begins at the top by itself.
    if (document.body.dataset.moved) heading.current?.focus()
    document.body.dataset.moved = 'yes'
  }, [])
  return (
    <div className="page">
      <Group justify="space-between" mb="lg" gap="sm">
        <Title order={1} size="h2" ref={heading} tabIndex={-1}>
          {title}
        </Title>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </div>
  )
}
