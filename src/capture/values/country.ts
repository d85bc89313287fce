/** Languages in which forms name countries. */
const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt']

const also: Readonly<Record<string, string>> = {
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'great britain': 'GB',
  usa: 'US',
  'united states of america': 'US',
  america: 'US',
  holland: 'NL',
  'czech republic': 'CZ',
}

/** Codes that are kept for private use and for groups of countries (ISO 3166-1, user-assigned). */
const noCountry = /^(?:AA|Q[M-Z]|X[A-JL-Z]|ZZ|UN|EZ)$/

let names: ReadonlyMap<string, string> | undefined

/** Every name and code that this machine knows, in plain words; made when it is first asked for. */
function knownNames(): ReadonlyMap<string, string> {
  if (names) return names
  const found = new Map<string, string>()
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const codes = letters.flatMap((one) => letters.map((other) => one + other))
  for (const language of languages) {
    const regions = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
    for (const code of codes) {
      const name = regions.of(code)
      // A withdrawn code names a country too; as a locale's region it becomes the one that is used now.
      if (name && !noCountry.test(code))
        found.set(plainWords(name), new Intl.Locale('und', { region: code }).region ?? code)
    }
  }
  for (const code of new Set(found.values())) found.set(code.toLowerCase(), code)
  for (const [name, code] of Object.entries(also)) found.set(name, code)
  names = found
  return found
}

/** The ISO 3166 code of a country as a form says it, or null when it is none that we know. */
export function countryCode(text: string | null): string | null {
  const words = plainWords(text ?? '').replace(/^the /, '')
  const code = knownNames().get(words.replace(/\b(\w) (?=\w\b)/g, '$1'))
  return code ?? knownNames().get(words) ?? null
}

const plainWords = (text: string) =>
  text
    .slice(0, 100)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
