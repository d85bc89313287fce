import { useQuery } from '@tanstack/react-query'
import { mayAct, type Role } from '../../core/user.ts'
import { api, read } from '../api.ts'

/** Who is signed in, and for which clinic. */
export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: () => read(api.me.$get()), staleTime: 60_000 })
}

/** Whether who is signed in may act as `role`; false until that is known. The server decides all the same. */
export function useMay(role: Role): boolean {
  const { data } = useMe()
  return data !== undefined && mayAct(data.role, role)
}
