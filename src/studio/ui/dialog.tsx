import { Group, Modal } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'

/**
 * Something to be dealt with before anything else. `onClose` null: only by one of its buttons.
 * Its title stands in its body: a head of its own would be a second one of the page to a screen reader.
 */
export function Dialog({
  title,
  size = 'md',
  onClose,
  children,
}: {
  title: string
  size?: string
  onClose: (() => void) | null
  children: ReactNode
}) {
  const [before] = useState(() => document.activeElement)
  // It goes without being closed first, so the focus is given back here.
  useEffect(() => () => (before as HTMLElement | null)?.focus({ preventScroll: true }), [before])
  return (
    <Modal.Root
      opened
      onClose={onClose ?? (() => {})}
      size={size}
      closeOnEscape={onClose !== null}
      closeOnClickOutside={onClose !== null}
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body pt="md">
          <Group justify="space-between" wrap="nowrap" mb="md">
            <Modal.Title>{title}</Modal.Title>
            {onClose && <Modal.CloseButton aria-label="Close" />}
          </Group>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
