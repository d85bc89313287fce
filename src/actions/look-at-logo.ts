import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { previewCopy } from './preview-copy.ts'

/** How high a mail draws the logo, and how wide it may get beside the bars on a phone of 375 px. */
const drawnHeight = 36
const drawnWidthMost = 215

export type LogoLook =
  | { logo: 'none' }
  | { logo: 'missing'; problem: string }
  | { logo: 'shown'; type: string; kilobytes: number; width: number; height: number; warning: string | null }

/** What a mail would make of the clinic's logo, as the internet has it now. */
export async function lookAtLogo(ctx: Pick<Context, 'config' | 'logos'>): Promise<LogoLook> {
  const { logoUrl } = ctx.config.brand
  if (logoUrl === null) return { logo: 'none' }
  const found = await ctx.logos(logoUrl)
  if ('problem' in found) return { logo: 'missing', problem: found.problem }
  const width = Math.round((found.width * drawnHeight) / found.height)
  return {
    logo: 'shown',
    type: found.type.replace('image/', '').toUpperCase(),
    kilobytes: Math.ceil(found.bytes.length / 1024),
    width,
    height: drawnHeight,
    warning:
      width > drawnWidthMost
        ? `It is too wide for a phone: ${width} px, and ${drawnWidthMost} px fit. Take one that is less wide for its height.`
        : found.height < 2 * drawnHeight
          ? `It is only ${found.height} px high: sharp screens need ${2 * drawnHeight}, or it looks blurred.`
          : null,
  }
}

/**
 * A mail with the logo inside of it, so that looking at it asks nobody else for anything.
 * Throws Problem `not-found` when there is no logo to be seen.
 */
export async function previewLogo(ctx: Context): Promise<string> {
  const { brand } = ctx.config
  const found = brand.logoUrl === null ? null : await ctx.logos(brand.logoUrl)
  const template = Object.values(ctx.sequences)[0]?.steps[0].template
  if (!found || 'problem' in found || !template)
    throw new Problem('not-found', 'There is no logo to be seen.')
  const logoUrl = `data:${found.type};base64,${found.bytes.toString('base64')}`
  const config = { ...ctx.config, brand: { ...brand, logoUrl } }
  const of = { template, choice: 'in-force', reader: 'sample', topical: null } as const
  return (await previewCopy({ ...ctx, config }, of)).html
}
