import { ask, type ToolApi } from '../../ask-tool.ts'
import type { FormReader } from '../adapter.ts'

/** Out in July 2026; good for two years after the next one (developers.facebook.com, Graph API changelog). */
const version = 'v26.0'
const fields = 'id,created_time,ad_id,form_id,field_data'

/**
 * Reads one lead from Meta's Graph (needs leads_retrieval). It answers 400 alike for a lead that is gone and for a token
 * that may not read it, so that nothing but an answer counts as one.
 */
export function createMetaReader(options: ToolApi & { accessToken: string }): FormReader {
  return {
    async read(id) {
      const path = `/${version}/${encodeURIComponent(id)}?fields=${fields}`
      const answer = await ask(options, path, `Bearer ${options.accessToken}`)
      if (answer.outcome === 'failed') return answer
      if (answer.outcome === 'gone') return { outcome: 'failed', reason: 'the tool does not have it' }
      return { outcome: 'read', body: answer.text }
    },
  }
}
