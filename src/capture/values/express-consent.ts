import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Canada; the European Economic Area, the United Kingdom and Switzerland, and what lies among and belongs to them. */
const countries = new Set(
  (
    'CA EU AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB CH ' +
    'AD MC SM VA GG JE IM GI FO GL AX GP MQ GF RE YT MF'
  ).split(' '),
)

const zones = new Set(
  (
    'America/St_Johns America/Halifax America/Glace_Bay America/Moncton America/Goose_Bay America/Toronto ' +
    'America/Nipigon America/Thunder_Bay America/Iqaluit America/Pangnirtung America/Montreal America/Winnipeg ' +
    'America/Rainy_River America/Resolute America/Rankin_Inlet America/Regina America/Swift_Current ' +
    'America/Edmonton America/Cambridge_Bay America/Yellowknife America/Inuvik America/Creston ' +
    'America/Dawson_Creek America/Fort_Nelson America/Vancouver America/Whitehorse America/Dawson ' +
    'America/Atikokan America/Coral_Harbour America/Blanc-Sablon ' +
    'Atlantic/Canary Atlantic/Madeira Atlantic/Azores Atlantic/Reykjavik Atlantic/Faroe Atlantic/Faeroe ' +
    'Arctic/Longyearbyen Africa/Ceuta Asia/Nicosia Asia/Famagusta Iceland Portugal Eire GB GB-Eire Poland'
  ).split(' '),
)

/** Letter, digit, letter, digit, letter, digit: no other country writes its codes so. */
const canadian = /^[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d$/

/**
 * Whether anything says that a person is where the law wants an express yes to mail (Canada's anti-spam law; in Europe
 * the ePrivacy rules). One sign is enough: a ticked box too many harms nobody. `phone` is E.164, `country` an ISO code.
 */
export function needsExpressConsent(person: {
  country: string | null
  phone: string | null
  postalCode: string | null
  timeZone: string
}): boolean {
  const { country, phone, postalCode, timeZone } = person
  const called = phone === null ? undefined : parsePhoneNumberFromString(phone)?.country
  return (
    (country !== null && countries.has(country)) ||
    (called !== undefined && countries.has(called)) ||
    (postalCode !== null && canadian.test(postalCode)) ||
    /^(?:Europe|Canada)\//.test(timeZone) ||
    zones.has(timeZone)
  )
}
