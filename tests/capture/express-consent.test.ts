import { expect, test } from 'vitest'
import { countryCode } from '../../src/capture/values/country.ts'
import { needsExpressConsent } from '../../src/capture/values/express-consent.ts'

test.each([
  ['US', 'US'],
  ['u.s.a.', 'US'],
  ['The United States', 'US'],
  ['United States of America', 'US'],
  ['uk', 'GB'],
  ['Great Britain', 'GB'],
  ['Canada', 'CA'],
  ['Deutschland', 'DE'],
  ['España', 'ES'],
  ['osterreich', 'AT'],
  ['Países Bajos', 'NL'],
  ['de', 'DE'],
  ['', null],
  ['Narnia', null],
  ['zz', null],
])('the country %j is %s', (text, code) => {
  expect(countryCode(text)).toBe(code)
})

const here = { country: null, phone: null, postalCode: null, timeZone: 'America/New_York' }

test.each([
  [false, {}],
  [false, { country: 'US', phone: '+16105550100', postalCode: '19010' }],
  [false, { country: 'MX', phone: '+525512345678', timeZone: 'America/Mexico_City' }],
  [true, { country: 'CA' }],
  [true, { country: 'FR' }],
  [true, { country: 'GB' }],
  // One code of +1 is not like another.
  [true, { phone: '+14165550123' }],
  [true, { phone: '+4930123456' }],
  [true, { postalCode: 'M5V 3L9' }],
  [true, { timeZone: 'America/Toronto' }],
  [true, { timeZone: 'Europe/London' }],
  [true, { country: 'US', timeZone: 'Europe/Berlin' }],
  [false, { postalCode: 'SW1A 1AA', timeZone: 'Asia/Tokyo' }],
])('an express yes is needed: %s for %j', (needed, signs) => {
  expect(needsExpressConsent({ ...here, ...signs })).toBe(needed)
})
