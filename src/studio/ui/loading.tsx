import { Center, Loader } from '@mantine/core'

/** While something is on its way. */
export function Loading() {
  return (
    <Center p="xl" role="status" aria-label="Loading">
      <Loader aria-hidden="true" />
    </Center>
  )
}
