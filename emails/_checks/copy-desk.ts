import type { Brand } from '../../src/core/brand.ts'
import type { CopyDesk, CopyFinding } from '../../src/core/copy.ts'
import type { MailProps, RenderedMail } from '../../src/core/mail.ts'
import { type Copy, limits } from '../_components/copy.ts'
import { drawingNames } from '../_components/drawings.ts'
import { fill, mergeFieldNames, mergeValues } from '../_components/merge.ts'
import type { Template } from '../_components/template.ts'
import { article } from '../article.ts'
import { coverage } from '../coverage.ts'
import { checkLinks } from './links.ts'
import { checkMail } from './mail-parts.ts'
import { checkCounts, checkStyle } from './style.ts'

type Options = {
  brand: Brand
  /** Renders through React, as every mail is measured. */
  render: (template: Template, copy: Copy, props: MailProps) => Promise<RenderedMail>
}

/** As long as a name in a mail can get: weight counts with it. */
const longName = 'W'.repeat(80)

/** The one place that knows whether words may become a mail: for the command line, tests and the studio alike. */
export function createCopyDesk(templates: Record<string, Template>, { brand, render }: Options): CopyDesk {
  const find = (name: string) => (Object.hasOwn(templates, name) ? templates[name] : undefined)

  function known(name: string): Template {
    const template = find(name)
    if (!template) throw new Error(`There is no template ${name}`)
    return template
  }

  function parse(name: string, copy: unknown): { copy: Copy } | { findings: CopyFinding[] } {
    const parsed = find(name)?.copy.safeParse(copy)
    if (parsed?.success) return { copy: parsed.data }
    if (!parsed)
      return { findings: [{ level: 'refuse', field: 'template', message: 'is not there any more' }] }
    return {
      findings: parsed.error.issues.map(({ path, message }) => ({
        level: 'refuse',
        field: path.join('.') || 'mail',
        message,
      })),
    }
  }

  const teaching = (name: string, template: Template, mail: RenderedMail) =>
    coverage({ [name]: template }, { mail: async () => mail })
  const says = (id: string) => article.find((point) => point.id === id)?.says ?? ''

  async function lost(name: string, template: Template, mail: RenderedMail): Promise<CopyFinding[]> {
    const rows = await teaching(name, template, mail)
    return rows
      .filter(({ found }) => !found)
      .map(({ id, phrase }) => ({
        level: 'warn',
        field: 'mail',
        message: `no longer says “${phrase}”, which teaches “${says(id)}” Make sure other words do`,
      }))
  }

  return {
    parse,
    counts: (copy) => checkCounts(copy as Copy),
    sheet(name) {
      const template = find(name)
      if (!template) return null
      const { tag, defaults } = template
      return { tag, words: defaults, limits, drawings: drawingNames, fields: mergeFieldNames }
    },
    async preview(name, given, props) {
      const template = known(name)
      const copy = given as Copy
      const mail = await render(template, copy, props)
      return { ...mail, preheader: fill(copy.preheader, mergeValues(props)) }
    },
    async coverage(name, given) {
      const template = known(name)
      const mail = await render(template, given as Copy, { ...template.previewProps, brand })
      const rows = await teaching(name, template, mail)
      return rows.map(({ id, phrase, sentence, found }) => ({ id, says: says(id), phrase, sentence, found }))
    },
    async check(name, given) {
      const template = find(name)
      const parsed = parse(name, given)
      if (!template || 'findings' in parsed) return 'findings' in parsed ? parsed.findings : []
      const { copy } = parsed
      const props: MailProps = { ...template.previewProps, brand, firstName: null }
      const plain = await render(template, copy, props)
      const heavy = await render(template, copy, { ...props, firstName: longName, topical: true })
      const findings = [
        ...checkLinks(copy),
        ...checkMail(plain, props),
        ...checkMail(heavy, props),
        ...checkStyle(copy, mergeValues({ ...template.previewProps, brand })),
        ...(await lost(name, template, plain)),
      ]
      // Both renderings may lack the same part; weights differ by a few bytes, and one line about them is enough.
      const seen = new Set<string>()
      return findings.filter(({ field, message }) => {
        const key = `${field} ${message.replace(/\d+/g, '')}`
        return seen.size < seen.add(key).size
      })
    },
  }
}
