export const deliveryStatuses = [
  'waiting',
  'sealed',
  'parked',
  'sent',
  'delivered',
  'failed',
  'suppressed',
  'bounced',
  'complained',
  'cancelled',
] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** What a provider event says about one delivery. */
export type DeliveryNews = 'sent' | 'delivered' | 'failed' | 'suppressed' | 'bounced' | 'complained'

/**
 * Later news never gives way to earlier news, in whichever order they come: a late `sent` leaves `delivered` alone.
 * A cancelled delivery ranks lowest but one: should the provider prove that it went out, it went out.
 */
export const deliveryRank: Readonly<Record<DeliveryStatus, number>> = {
  waiting: 0,
  cancelled: 0,
  sealed: 1,
  parked: 1,
  sent: 2,
  delivered: 3,
  failed: 4,
  suppressed: 4,
  bounced: 4,
  complained: 5,
}

/** The statuses that `news` may overwrite. */
export function overwrittenBy(news: DeliveryNews): DeliveryStatus[] {
  return deliveryStatuses.filter((status) => deliveryRank[status] < deliveryRank[news])
}
