import type { InferResponseType } from 'hono/client'
import type { api } from '../../api.ts'

/** A lead's page as the server tells it. */
export type LeadView = Extract<InferResponseType<(typeof api.leads)[':id']['$get']>, { lead: unknown }>
