import { refreshBrand } from '../actions/refresh-brand.ts'
import type { Context } from '../context.ts'

const everyMs = 1_000

/** Takes up a changed brand every second, for a process that does not tick. Returns what ends it. */
export function keepBrand(ctx: Context): () => Promise<void> {
  let isAsking = false
  const timer = setInterval(() => {
    if (isAsking) return
    isAsking = true
    refreshBrand(ctx)
      .catch((error: Error) => ctx.log.warn({ error: error.name }, 'the brand could not be read'))
      .finally(() => (isAsking = false))
  }, everyMs)
  return async () => clearInterval(timer)
}
