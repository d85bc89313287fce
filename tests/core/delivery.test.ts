import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  deliveryRank,
  type DeliveryNews,
  type DeliveryStatus,
  deliveryStatuses,
  overwrittenBy,
} from '../../src/core/delivery.ts'

const news: DeliveryNews[] = ['sent', 'delivered', 'failed', 'suppressed', 'bounced', 'complained']
const apply = (status: DeliveryStatus, item: DeliveryNews): DeliveryStatus =>
  overwrittenBy(item).includes(status) ? item : status

describe('news of a delivery', () => {
  test('never moves it back, in whichever order and however often it comes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...deliveryStatuses),
        fc.array(fc.constantFrom(...news)),
        (start, items) => {
          let status = start
          for (const item of items) {
            const next = apply(status, item)
            expect(deliveryRank[next]).toBeGreaterThanOrEqual(deliveryRank[status])
            status = next
          }
        },
      ),
    )
  })

  test('ends at the same rank whatever its order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...news), { minLength: 1 }),
        fc.infiniteStream(fc.nat()),
        (items, random) => {
          const shuffled = items
            .map((item) => ({ item, key: random.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item)
          const rank = (list: DeliveryNews[]) => deliveryRank[list.reduce(apply, 'sealed' as DeliveryStatus)]
          expect(rank(shuffled)).toBe(rank(items))
        },
      ),
    )
  })

  test.each<[DeliveryStatus, DeliveryNews, DeliveryStatus]>([
    ['delivered', 'sent', 'delivered'],
    ['bounced', 'delivered', 'bounced'],
    ['complained', 'bounced', 'complained'],
    ['delivered', 'complained', 'complained'],
    ['parked', 'sent', 'sent'],
    ['cancelled', 'sent', 'sent'],
    ['waiting', 'delivered', 'delivered'],
    ['sent', 'sent', 'sent'],
  ])('%s and then %s is %s', (before, item, after) => {
    expect(apply(before, item)).toBe(after)
  })
})
