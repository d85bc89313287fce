import { expect, test } from 'vitest'
import { createItemCounter } from './support/count-items.ts'

const header = '"List-Unsubscribe-Post":"List-Unsubscribe=One-Click"'
/** A mail that speaks of the header too: within a text its quotes are escaped. */
const item = JSON.stringify({ text: `Set ${header} and ${header}` }).replace('}', `,"headers":{${header}}}`)
const envelope = Buffer.from(`[${item},${item},${item}]`)

test('the stand-in of the benchmarks counts the mails of an envelope wherever it is cut', () => {
  for (let size = 1; size <= envelope.length; size++) {
    const count = createItemCounter()
    let items = 0
    for (let at = 0; at < envelope.length; at += size) items = count(envelope.subarray(at, at + size))
    expect(items).toBe(3)
  }
})

test('the stand-in counts an envelope that comes in two pieces, one of them as short as can be', () => {
  for (let cut = 1; cut < envelope.length; cut++) {
    const count = createItemCounter()
    count(envelope.subarray(0, cut))
    expect(count(envelope.subarray(cut))).toBe(3)
  }
})
