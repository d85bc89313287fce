import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import type { CountryCode } from 'libphonenumber-js/min'

export type { CountryCode }

/** The number in E.164, read as one of the country where it has no code of its own; null when it is none. */
export function normalisePhone(text: string, defaultCountry: CountryCode = 'US'): string | null {
  const phone = parsePhoneNumberFromString(text.slice(0, 100), defaultCountry)
  return phone?.isValid() ? phone.number : null
}
