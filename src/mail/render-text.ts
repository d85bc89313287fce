import { toPlainText } from '@react-email/render'

/** The part of html-to-text's formatter that is used here; the package ships no types. */
type Builder = {
  openBlock(options: { leadingLineBreaks: number }): void
  closeBlock(options: { trailingLineBreaks: number }): void
  addInline(text: string): void
  addLiteral(text: string): void
  addLineBreak(): void
}
type Element = { attribs: Record<string, string | undefined>; children: unknown }
type Walk = (children: unknown, builder: Builder) => void

/** Links as in a letter: the address after its words, on its own line for a button, left out where words say it all. */
const link = (element: Element, walk: Walk, builder: Builder) => {
  const href = element.attribs['href'] ?? ''
  const style = element.attribs['data-text']
  if (style === 'own-line') builder.openBlock({ leadingLineBreaks: 2 })
  walk(element.children, builder)
  if (/^https?:/i.test(href)) {
    if (style === 'own-line') {
      builder.addInline(':')
      builder.addLineBreak()
      builder.addLiteral(href)
    } else {
      builder.addInline(style === 'colon' ? ': ' : ' ')
      builder.addLiteral(style === 'colon' ? href : `<${href}>`)
    }
  }
  if (style === 'own-line') builder.closeBlock({ trailingLineBreaks: 2 })
}

const headings = ['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } }))

/** The plain-text part of a mail, from its HTML: a letter, with nothing shouted. */
export function textOf(html: string): string {
  return toPlainText(html, {
    formatters: { link },
    selectors: [
      ...headings,
      { selector: 'a', format: 'link' },
      { selector: 'ul', options: { itemPrefix: '- ' } },
    ],
  })
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
