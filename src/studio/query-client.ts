import { notifications } from '@mantine/notifications'
import { MutationCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api.ts'

/** A query's error stands on its page; a change that failed says so in a note, unless the form itself shows it. */
export const queryClient = new QueryClient({
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, mutation) => {
      if (mutation.meta?.quiet) return
      const fields = error instanceof ApiError ? error.fields : []
      const more = fields.map(({ field, message }) => `${field} ${message}`).join('; ')
      notifications.show({
        color: 'red',
        title: error.message,
        message: more,
        autoClose: 12_000,
        role: 'alert',
      })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
})
