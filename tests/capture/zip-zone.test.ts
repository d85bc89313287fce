import { expect, it } from 'vitest'
import { mapFields } from '../../src/capture/map-fields.ts'
import { zipZone } from '../../src/capture/values/zip-zone.ts'
import { isTimeZone } from '../../src/core/schedule.ts'

/** The zone of the ZIP code in a form that said this. */
function zoneFor(values: Record<string, string>, clinics = 'America/New_York'): string | null {
  const fields = Object.entries({ email: 'pat@example.com', ...values }).map(([key, value]) => ({
    key,
    value,
  }))
  const { postalCode, country } = mapFields({ fields }, null).lead
  return zipZone(postalCode, country, clinics)
}

/** Offsets in January and July: names of one zone differ from machine to machine. */
function offsets(timeZone: string): (string | undefined)[] {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  return [0, 6].map(
    (month) =>
      format.formatToParts(Date.UTC(2026, month, 15)).find(({ type }) => type === 'timeZoneName')?.value,
  )
}

it.each([
  ['Bryn Mawr, PA', '19010', 'America/New_York'],
  ['Phoenix, which keeps no summer time', '85001', 'America/Phoenix'],
  ['Chinle, in the Navajo Nation, which does', '86503', 'America/Denver'],
  ['Anchorage', '99501', 'America/Anchorage'],
  ['Adak', '99546', 'America/Adak'],
  ['Honolulu', '96813', 'Pacific/Honolulu'],
  ['San Juan', '00901', 'America/Puerto_Rico'],
  ['Guam', '96910', 'Pacific/Guam'],
  ['Pago Pago', '96799', 'Pacific/Pago_Pago'],
  ['Miami', '33101', 'America/New_York'],
  ['Pensacola', '32501', 'America/Chicago'],
  ['Knoxville', '37901', 'America/New_York'],
  ['Nashville', '37201', 'America/Chicago'],
  ['Indianapolis', '46201', 'America/New_York'],
  ['Gary, IN', '46401', 'America/Chicago'],
  ['Evansville, IN', '47708', 'America/Chicago'],
  ['Louisville', '40201', 'America/New_York'],
  ['Paducah, KY', '42001', 'America/Chicago'],
  ['El Paso', '79901', 'America/Denver'],
  ['Rapid City, SD', '57701', 'America/Denver'],
  ['Sioux Falls, SD', '57101', 'America/Chicago'],
  ['Goodland, KS', '67735', 'America/Denver'],
  ['Ontario, OR', '97914', 'America/Denver'],
  ['Coeur d’Alene, ID', '83814', 'America/Los_Angeles'],
])('%s (%s) keeps the time of %s', (_place, zip, likeZone) => {
  const zone = zoneFor({ zip })
  expect(zone !== null && isTimeZone(zone)).toBe(true)
  expect(offsets(zone!)).toEqual(offsets(likeZone))
})

it.each([
  [{ zip: '90210-1234' }, 'America/Los_Angeles'],
  [{ zip: '902101234' }, 'America/Los_Angeles'],
  [{ zip: '90210 1234' }, 'America/Los_Angeles'],
  [{ zip: '90210', country: 'US' }, 'America/Los_Angeles'],
  [{ zip: '90210', Country: ' U.S.A. ' }, 'America/Los_Angeles'],
  [{ zip: '90210', country_code: 'us' }, 'America/Los_Angeles'],
  [{ zip: '00901', 'Country/Region': 'Puerto Rico' }, 'America/Puerto_Rico'],
  [{ 'address.zip': '90210', 'address.country': 'United States' }, 'America/Los_Angeles'],
  [{ zip: '90210', country: '' }, 'America/Los_Angeles'],
  // Five digits in Berlin, too.
  [{ zip: '10118', country: 'Germany' }, null],
  [{ zip: '10118', country: 'DE' }, null],
  [{ zip: '10118', country: '日本' }, null],
  [{ postcode: 'K1A 0B1' }, null],
  [{ postcode: 'SW1A 1AA' }, null],
  [{ zip: '1901' }, null],
  [{ zip: '190101' }, null],
  [{ zip: '00000' }, null],
  // An army post office: its mail goes round the world.
  [{ zip: '09001' }, null],
  [{}, null],
])('%j is in %s', (values, zone) => {
  expect(zoneFor(values)).toBe(zone)
})

it.each([
  ['US/Pacific', 'Pacific/Honolulu'],
  ['America/Adak', 'Pacific/Honolulu'],
  ['Europe/Berlin', null],
  ['America/Toronto', null],
  ['Europe/Madrid', null],
])(
  'a code of a form without a country is the clinic’s country’s: of one in %s, 96813 is in %s',
  (clinics, zone) => {
    expect(zoneFor({ zip: '96813' }, clinics)).toBe(zone)
    expect(zoneFor({ zip: '96813', country: 'USA' }, clinics)).toBe('Pacific/Honolulu')
  },
)
