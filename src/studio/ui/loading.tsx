import { Center, Loader } from '@mantine/core'

/** While something is on its way. */
export function Loading() {
  return (
    <Center p="xl" role="status">
      <Loader aria-label="Loading" />
    </Center>
  )
}
