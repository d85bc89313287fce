import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { api, read } from '../../api.ts'

/** How much waits for a person, by kind. */
export function useProblemCounts() {
  return useQuery({
    queryKey: ['problem-counts'],
    queryFn: () => read(api.problems.counts.$get()),
    refetchInterval: 30_000,
  })
}

/** Does one thing about a problem, says what came of it, and looks again at all of them. */
export function useSolve<Input, Result>(
  solve: (input: Input) => Promise<Result>,
  said: (result: Result) => string,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: solve,
    onSuccess: (result) => notifications.show({ message: said(result) }),
    onSettled: async () => {
      for (const key of ['problems', 'problem-counts', 'leads', 'lead', 'status'])
        await queries.invalidateQueries({ queryKey: [key] })
    },
  })
}
