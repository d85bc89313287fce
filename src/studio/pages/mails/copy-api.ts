import type { InferResponseType } from 'hono/client'
import { api } from '../../api.ts'

export const copyApi = api.copy[':template']
export type CopyState = InferResponseType<(typeof copyApi)['$get'], 200>
export type Review = CopyState['review']
export type Sheet = CopyState['sheet']
