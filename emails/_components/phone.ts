import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** A phone number as people read it: the national form in North America, the international one elsewhere. */
export function readablePhone(phone: string): string {
  const parsed = parsePhoneNumberFromString(phone)
  if (!parsed) return phone
  return parsed.countryCallingCode === '1' ? parsed.formatNational() : parsed.formatInternational()
}

/** A tel: link that holds digits and a plus only, whatever was typed. */
export function telHref(phone: string): string {
  return `tel:${phone.replace(/[^+\d]/g, '')}`
}
