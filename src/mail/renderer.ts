import type { EncodedMail, MailProps, RenderCounts, RenderedMail } from '../core/mail.ts'
import { fillMail, sameMail } from './compile-mail.ts'
import { decodeMail, encodeMail } from './encode-mail.ts'
import { createCache, type CacheEntry } from './render-cache.ts'
import { renderDirect, type Renderable } from './render-direct.ts'
import { cleanProps } from './render-values.ts'

export { renderAlert } from './render-direct.ts'

/** Why a template is rendered directly from now on. */
export type RenderWarning = { template: string; reason: 'branches-on-a-value' | 'differs-from-direct' }

export type RendererOptions = {
  /**
   * One mail in this many is checked against direct rendering. Besides them the first of each kind, and the 2nd, 4th,
   * 8th and so on: a clinic with few leads must not wait for years, nor one with many pay for each.
   */
  checkEvery?: number
  /** Hears once of each template that can't be compiled. */
  warn?: (warning: RenderWarning) => void
  /** The published copy of a template; undefined for the defaults in code. */
  copyOf?: (template: string) => object | undefined
}

export type Renderer<Name extends string> = {
  /**
   * Renders one mail, encoded for its envelope: at once where it is compiled, which then reads only the links that it
   * holds. Throws or rejects if such a link is not fit for a mail, or if the component throws.
   */
  encoded(template: Name, props: MailProps): EncodedMail | Promise<EncodedMail>
  /** The same mail to look at. */
  mail(template: Name, props: MailProps): Promise<RenderedMail>
  /** How mails were rendered since it was last asked. */
  takeCounts(): RenderCounts
}

const noRenderings: RenderCounts = { compiled: 0, direct: 0, checked: 0, differed: 0 }

/** Turns templates into a renderer that compiles each once and joins strings from then on. */
export function createRenderer<T extends Record<string, Renderable>>(
  templates: T,
  { checkEvery = 2_000, warn = logWarning, copyOf = () => undefined }: RendererOptions = {},
): Renderer<keyof T & string> {
  const cached = createCache()
  const directOnly = new Set<string>()
  let counts: RenderCounts = { ...noRenderings }

  function giveUp(template: string, reason: RenderWarning['reason']) {
    if (!directOnly.has(template)) warn({ template, reason })
    directOnly.add(template)
  }

  async function checked(
    entry: CacheEntry,
    name: string,
    filled: EncodedMail,
    direct: Promise<RenderedMail>,
  ) {
    counts.checked++
    const truth = await direct
    if (sameMail(decodeMail(filled), truth)) return filled
    counts.differed++
    entry.compiled = null
    giveUp(name, 'differs-from-direct')
    return encodeMail(truth)
  }

  function encoded(name: keyof T & string, given: MailProps): EncodedMail | Promise<EncodedMail> {
    const template = templates[name]
    if (!template) throw new Error(`There is no template ${name}`)
    const copy = copyOf(name) ?? template.defaults
    const entry = directOnly.has(name) ? null : cached(name, template, copy, given)
    if (entry instanceof Promise) return entry.then((made) => withEntry(made, name, template, copy, given))
    return withEntry(entry, name, template, copy, given)
  }

  function withEntry(
    entry: CacheEntry | null,
    name: string,
    template: Renderable,
    copy: object,
    given: MailProps,
  ): EncodedMail | Promise<EncodedMail> {
    if (entry && !entry.compiled) giveUp(name, 'branches-on-a-value')
    if (!entry?.compiled) {
      counts.direct++
      return renderDirect(template, copy, cleanProps(given)).then(encodeMail)
    }
    counts.compiled++
    const filled = fillMail(entry.compiled, given)
    if (!isChecked(++entry.used, checkEvery)) return filled
    return checked(entry, name, filled, renderDirect(template, copy, cleanProps(given)))
  }

  return {
    encoded,
    mail: async (name, props) => decodeMail(await encoded(name, props)),
    takeCounts: () => {
      const taken = counts
      counts = { ...noRenderings }
      return taken
    },
  }
}

/** Powers of two up to `every`, then each multiple of it; the very first was checked when it was compiled. */
function isChecked(used: number, every: number): boolean {
  return used % every === 0 || (used > 1 && used < every && (used & (used - 1)) === 0)
}

function logWarning({ template, reason }: RenderWarning) {
  process.emitWarning(`Template ${template} is rendered directly, which is slow: ${reason}`)
}
