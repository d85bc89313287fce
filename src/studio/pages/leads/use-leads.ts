import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { EnrollmentStatus, StopReason } from '../../../core/enrollment.ts'
import { api, read } from '../../api.ts'

export type Wanted = {
  text: string
  status: EnrollmentStatus | null
  source: string | null
  step: string | null
  stopReason: StopReason | null
}

export const nobody: Wanted = { text: '', status: null, source: null, step: null, stopReason: null }

/** Leads that match, a page after the other. What was typed travels in the body. */
export function useLeads(wanted: Wanted) {
  return useInfiniteQuery({
    queryKey: ['leads', wanted],
    queryFn: ({ pageParam }) => read(api.leads.search.$post({ json: { ...wanted, after: pageParam } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

/** What a list of leads can be narrowed by. */
export function useLeadOptions() {
  return useQuery({
    queryKey: ['lead-options'],
    queryFn: () => read(api.leads.options.$get()),
    staleTime: 60_000,
  })
}

export function useLead(id: string) {
  return useQuery({ queryKey: ['lead', id], queryFn: () => read(api.leads[':id'].$get({ param: { id } })) })
}
