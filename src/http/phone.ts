import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** An E.164 number as the emails show it too: the national form in North America, the international one elsewhere. */
export function displayPhone(phone: string): string {
  const parsed = parsePhoneNumberFromString(phone)
  if (!parsed) return phone
  return parsed.countryCallingCode === '1' ? parsed.formatNational() : parsed.formatInternational()
}
