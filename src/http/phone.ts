import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** An E.164 number as people of its country write it. */
export function displayPhone(phone: string): string {
  return parsePhoneNumberFromString(phone)?.formatNational() ?? phone
}
