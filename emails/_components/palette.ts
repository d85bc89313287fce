import type { Brand } from '../../src/core/brand.ts'
import { contrast, mix, readable } from './color.ts'

/** Every colour a mail uses, by the job it does. */
export type Tones = {
  page: string
  sheet: string
  ink: string
  muted: string
  rule: string
  link: string
  tint: string
  soft: string
  primary: string
  onPrimary: string
  accent: string
  accentInk: string
  /** The ground the call stands on when it is the main subject, and what is set on it. */
  ground: string
  onGround: string
  onGroundMuted: string
  groundButton: string
  onGroundButton: string
}

/** The light colours stand alone (Gmail never sees the dark ones). */
export type Palette = { light: Tones; dark: Tones }

type Base = Pick<Tones, 'sheet' | 'page' | 'ink' | 'primary' | 'onPrimary' | 'accent' | 'ground'>

function tones(base: Base): Tones {
  const { sheet, page, ink, primary, accent, ground } = base
  const tint = mix(sheet, primary, 0.09)
  const grounds = [sheet, tint, page]
  const onPrimary = readable(base.onPrimary, primary, 4.6)
  const onGround = readable(ground === primary ? onPrimary : ink, ground, 5)
  const groundButton = ground === primary ? onPrimary : primary
  return {
    ...base,
    onPrimary,
    ink: readable(ink, grounds, 7),
    muted: readable(mix(ink, sheet, 0.32), grounds, 4.8),
    rule: mix(sheet, ink, 0.16),
    link: readable(primary, grounds, 4.6),
    tint,
    soft: mix(sheet, primary, 0.34),
    accentInk: readable(accent, grounds, 4.6),
    onGround,
    onGroundMuted: readable(mix(onGround, ground, 0.15), ground, 4.6),
    groundButton,
    onGroundButton: readable(ground === primary ? primary : onPrimary, groundButton, 4.6),
  }
}

/** Derives a whole palette, light and dark, from a brand's five colours. */
export function paletteOf(colors: Brand['colors']): Palette {
  const { primary, onPrimary, ink, accent } = colors
  // A dark paper would leave no colour that reads on both page and sheet: by day, paper is light.
  const paper = readable(colors.paper, '#000000', 14)
  const light = tones({
    sheet: mix(paper, '#ffffff', 0.72),
    page: paper,
    ink,
    primary,
    onPrimary,
    accent,
    ground: primary,
  })
  const night = mix('#101314', primary, 0.08)
  const sheet = mix(night, '#ffffff', 0.05)
  const glow = readable(primary, sheet, 4.6)
  const dark = tones({
    sheet,
    page: night,
    ink: mix(paper, '#dddddd', 0.4),
    primary: glow,
    onPrimary: contrast('#101314', glow) > contrast('#ffffff', glow) ? '#101314' : '#ffffff',
    accent: readable(accent, sheet, 4.5),
    // A bright slab would glare at night: the ground stays deep, and only the button glows.
    ground: mix(sheet, primary, 0.5),
  })
  return { light, dark }
}

/** The tones for what stands on the ground of the main step: the same parts, other colours. */
export function toGround(from: Tones): Tones {
  const { onGround: ink, onGroundMuted: muted, groundButton, onGroundButton, ground } = from
  return {
    ...from,
    ink,
    link: ink,
    accentInk: ink,
    muted,
    primary: groundButton,
    onPrimary: onGroundButton,
    tint: ground,
  }
}
