import { Alert, Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Loading } from './loading.tsx'

/** Shows what a query brought, that it is on its way, or why it failed and how to try again. */
export function QueryView<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (!query.isError) return <Loading />
  return (
    <Alert color="red" title="This could not be loaded" role="alert">
      <p>{query.error.message}</p>
      <Button variant="default" onClick={() => void query.refetch()}>
        Try again
      </Button>
    </Alert>
  )
}
