type Rgb = readonly [number, number, number]

function parse(hex: string): Rgb {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(hex)
  const full = short
    ? `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join('')}`
    : hex
  if (!/^#[\da-f]{6}$/i.test(full)) throw new Error(`A brand colour must be #rgb or #rrggbb, not ${hex}`)
  return [1, 3, 5].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as unknown as Rgb
}

/** Blends two colours: 0 is all `from`, 1 is all `to`. */
export function mix(from: string, to: string, share: number): string {
  const a = parse(from)
  const b = parse(to)
  return `#${a
    .map((v, i) =>
      Math.round(v + ((b[i] ?? 0) - v) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

function luminance(hex: string): number {
  const [r, g, b] = parse(hex).map((v) => {
    const c = v / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** The WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (hi + 0.05) / (lo + 0.05)
}

/** Nudges a brand's colour towards black or white until it can be read: any brand may bring any colour. */
export function readable(color: string, on: string | readonly string[], ratio = 4.5): string {
  const grounds = typeof on === 'string' ? [on] : on
  const worst = (text: string) => Math.min(...grounds.map((ground) => contrast(text, ground)))
  const towards = worst('#ffffff') > worst('#000000') ? '#ffffff' : '#000000'
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(color, towards, share)
    if (worst(tried) >= ratio) return tried
  }
  return towards
}
