import { Button, type ButtonProps, Group, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'

/** A button that asks once more, and says what will happen. */
export function Confirm({
  button,
  title,
  yes,
  children,
  onYes,
  look = { variant: 'default' },
  danger = true,
}: {
  button: string
  title: string
  yes: string
  children: ReactNode
  onYes: () => void
  look?: ButtonProps
  danger?: boolean
}) {
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button {...look} onClick={open}>
        {button}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={title}
        closeButtonProps={{ 'aria-label': 'Close' }}
        centered
      >
        {children}
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            {...(danger ? { color: 'red.8' } : {})}
            onClick={() => {
              close()
              onYes()
            }}
          >
            {yes}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
