/** One way in which leads may match what a person typed: each begins, or ends, with these texts. Lower case. */
export type SearchWay =
  | { by: 'email'; start: string }
  | { by: 'first-name'; start: string }
  | { by: 'last-name'; start: string; firstName: string }
  | { by: 'phone'; start: string }
  | { by: 'phone-end'; digits: string }

const digitsOnly = /^[\d\s()+./-]+$/
/** With fewer digits nearly everybody matches. */
const leastDigits = 3

/** How to look for what was typed into a search box: an address, a name in either order, or digits of a number. */
export function searchWays(typed: string): SearchWay[] {
  const text = typed.trim().replace(/\s+/g, ' ').toLowerCase()
  if (text === '') return []
  if (digitsOnly.test(text)) {
    const digits = text.replace(/\D/g, '')
    if (digits.length < leastDigits) return []
    const starts = text.startsWith('+') ? [`+${digits}`] : [`+${digits}`, `+1${digits}`]
    return [...starts.map((start) => ({ by: 'phone' as const, start })), { by: 'phone-end', digits }]
  }
  if (text.includes('@')) return [{ by: 'email', start: text }]
  const words = text.split(/[\s,]+/).filter(Boolean)
  const [first, last] = [words[0] ?? '', words.at(-1) ?? '']
  const names: SearchWay[] = [
    { by: 'last-name', start: text, firstName: '' },
    { by: 'first-name', start: text },
  ]
  if (words.length === 1) return [{ by: 'email', start: text }, ...names]
  return [
    ...names,
    { by: 'last-name', start: last, firstName: first },
    { by: 'last-name', start: first, firstName: last },
  ]
}
