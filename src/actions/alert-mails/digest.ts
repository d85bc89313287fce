import type { LeadNews } from '../../core/mail.ts'
import { listGathered } from '../../store/alerts.ts'
import type { RenderAlert } from './alert-mail.ts'
import { leadNews } from './lead-news.ts'

/** All that was gathered and is still so; null when nothing is. */
export const digest: RenderAlert = async (ctx, alert) => {
  const news: LeadNews[] = []
  for (const gathered of await listGathered(ctx.db, alert.id)) {
    const one = await leadNews(ctx, gathered)
    if (one) news.push(one)
  }
  return news.length === 0 ? null : ctx.renderer.digestAlert({ brand: ctx.config.brand, news })
}
