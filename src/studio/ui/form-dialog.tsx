import { Button, Group, Modal, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'

/** A button that opens a form of its own, for what needs more than a yes. */
export function FormDialog({
  button,
  title,
  yes,
  danger = false,
  isOpen,
  open,
  close,
  isPending,
  onYes,
  children,
}: {
  button: string
  title: string
  yes: string
  danger?: boolean
  isOpen: boolean
  open: () => void
  close: () => void
  isPending: boolean
  onYes: () => void
  children: ReactNode
}) {
  const send = (event: FormEvent) => {
    event.preventDefault()
    onYes()
  }
  return (
    <>
      <Button variant="default" {...(danger ? { c: 'var(--mantine-color-error)' } : {})} onClick={open}>
        {button}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={title}
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack component="form" onSubmit={send}>
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} {...(danger ? { color: 'red.9' } : {})}>
              {yes}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
