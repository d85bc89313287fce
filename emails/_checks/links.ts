import type { CopyFinding } from '../../src/core/copy.ts'
import type { Copy } from '../_components/copy.ts'
import { MARKUP } from '../_components/markup.ts'
import { healthWords } from './phrases.ts'
import { bodyTexts, headTexts, type CopyText } from './texts.ts'

/** They hide where they lead, and filters take them for spam. */
const shorteners =
  /^(bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|lnkd\.in)$/
/** Names that lead nowhere outside one network, or were reserved for examples (RFC 2606, RFC 6761). */
const nowhere = /(^|\.)(localhost|local|internal|invalid|test|example|example\.(com|net|org))$/

/** Says why a mail must not hold this link, or null. */
export function linkProblem(link: string): string | null {
  if (/[{}]/.test(link)) return 'holds a merge field: a link must be the same for every reader'
  if (!URL.canParse(link)) return 'is not a complete address: write it as https://site.org/page'
  const { protocol, username, port, hostname, pathname, search, hash } = new URL(link)
  if (protocol !== 'https:') return 'is not https: link to the https page'
  if (username || port || /@|%40/.test(link)) return 'holds an account, a port or an address: take that out'
  if (nowhere.test(hostname) || !/\.[a-z][a-z\d-]+$/.test(hostname))
    return 'leads to no public site: link to the real page'
  if (shorteners.test(hostname))
    return 'is shortened: link to the page itself, so that readers see where it leads'
  // Where a link was clicked is seen by others: the reader's network, the site, its statistics.
  const path = `${pathname}${search}${hash}`.replace(/%20|[-_/=&+.?#]/g, ' ')
  return healthWords.test(path) ? 'speaks of health in its address: link to a page with a neutral one' : null
}

function ofText({ field, text }: CopyText): CopyFinding[] {
  const found = (level: CopyFinding['level'], message: string): CopyFinding => ({ level, field, message })
  const findings: CopyFinding[] = []
  for (const [, bold, italic, , url] of text.matchAll(MARKUP)) {
    const problem = url ? linkProblem(url) : null
    if (problem) findings.push(found('refuse', `the link ${url} ${problem}`))
    if (/\]\(/.test(bold ?? italic ?? ''))
      findings.push(
        found('refuse', 'a link stands inside bold or italic, where it is not drawn: take the stars off'),
      )
  }
  const rest = text.replace(MARKUP, '')
  if (/\]\s*\(/.test(rest))
    findings.push(found('refuse', 'a link is broken: write [words](https://site.org/page), without spaces'))
  if (/\bhttps?:|\bwww\.|\bmailto:|\bjavascript:/i.test(rest.replace(/\]\s*\([^)]*\)?/g, '')))
    findings.push(
      found('refuse', 'an address stands in the open: write it as [words](https://site.org/page)'),
    )
  if (/\*/.test(rest)) findings.push(found('warn', 'a star has no partner, so readers will see it'))
  return findings
}

/** Every broken or disallowed link in the copy, and markup that would not be drawn. */
export function checkLinks(copy: Copy): CopyFinding[] {
  const inHead = headTexts(copy).flatMap(({ field, text }): CopyFinding[] =>
    /\*|\]\(|https?:/i.test(text)
      ? [
          {
            level: 'refuse',
            field,
            message: 'holds markup or a link, and an inbox shows neither: use words alone',
          },
        ]
      : [],
  )
  return [...inHead, ...bodyTexts(copy).flatMap(ofText)]
}
