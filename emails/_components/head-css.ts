import type { Palette, Tones } from './palette.ts'

/** Class name → the property and the tone it takes in the dark. Inline styles carry the light ones. */
const darkRules: ReadonlyArray<readonly [selector: string, property: string, tone: keyof Tones]> = [
  ['.page', 'background-color', 'page'],
  ['.sheet', 'background-color', 'sheet'],
  ['.tint', 'background-color', 'tint'],
  ['.fill-primary', 'background-color', 'primary'],
  ['.fill-accent', 'background-color', 'accent'],
  ['.fill-soft', 'background-color', 'soft'],
  ['.fill-ink', 'background-color', 'ink'],
  ['.fill-rule', 'background-color', 'rule'],
  ['.fill-sheet', 'background-color', 'sheet'],
  ['.ink', 'color', 'ink'],
  ['.muted', 'color', 'muted'],
  ['.link', 'color', 'link'],
  ['.mark', 'color', 'accentInk'],
  ['.on-primary', 'color', 'onPrimary'],
  ['.edge', 'border-color', 'rule'],
  ['.ground', 'background-color', 'ground'],
  ['.ground .ink', 'color', 'onGround'],
  ['.ground .link', 'color', 'onGround'],
  ['.ground .mark', 'color', 'onGround'],
  ['.ground .muted', 'color', 'onGroundMuted'],
  ['.ground .fill-primary', 'background-color', 'groundButton'],
  ['.ground .on-primary', 'color', 'onGroundButton'],
]

/** Phones: full-width buttons and tighter margins. Apart from the dark rules, since some clients drop a whole block. */
export const phoneCss = `@media (max-width:520px){.label{padding-left:14px!important;padding-right:14px!important}.pad{padding-left:22px!important;padding-right:22px!important}.wide{width:100%!important}.title{font-size:27px!important;line-height:34px!important}.gutter{padding-left:10px!important;padding-right:10px!important}}`

/** The dark rules, for clients that follow the reader's setting. */
export function darkCss({ dark }: Palette): string {
  const rules = darkRules.map(
    ([selector, property, tone]) => `${selector}{${property}:${dark[tone]}!important}`,
  )
  return `:root{color-scheme:light dark;supported-color-schemes:light dark}@media (prefers-color-scheme:dark){${rules.join('')}}`
}
