import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast, readable } from '../../emails/_components/color.ts'
import { paletteOf, toGround, type Tones } from '../../emails/_components/palette.ts'

const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
const colors = fc.record({ primary: color, onPrimary: color, ink: color, paper: color, accent: color })

/** Every text tone with every ground it stands on. */
function pairs(tones: Tones): ReadonlyArray<readonly [text: string, ground: string]> {
  const on = toGround(tones)
  return [
    [tones.ink, tones.sheet],
    [tones.ink, tones.tint],
    [tones.muted, tones.sheet],
    [tones.muted, tones.tint],
    [tones.muted, tones.page],
    [tones.link, tones.sheet],
    [tones.link, tones.tint],
    [tones.accentInk, tones.sheet],
    [tones.onPrimary, tones.primary],
    [on.ink, on.ground],
    [on.muted, on.ground],
    [on.onPrimary, on.primary],
  ]
}

test('whatever colours a clinic brings, its mails can be read in light and dark', () => {
  fc.assert(
    fc.property(colors, (brand) => {
      const { light, dark } = paletteOf(brand)
      for (const tones of [light, dark])
        for (const [text, ground] of pairs(tones)) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
    }),
    { numRuns: 300 },
  )
})

test('a colour that can be read already stays as the clinic chose it', () => {
  expect(readable('#1f5c54', '#ffffff')).toBe('#1f5c54')
  expect(() => readable('teal', '#ffffff')).toThrow('brand colour')
})
