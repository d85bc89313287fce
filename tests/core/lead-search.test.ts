import { expect, test } from 'vitest'
import { searchWays } from '../../src/core/lead-search.ts'

const kinds = (typed: string) => searchWays(typed).map(({ by }) => by)

test('what looks like a number is a number, from its start or its end', () => {
  expect(searchWays('(610) 555')).toEqual([
    { by: 'phone', start: '+610555' },
    { by: 'phone', start: '+1610555' },
    { by: 'phone-end', digits: '610555' },
  ])
  expect(searchWays('+44 20')).toEqual([
    { by: 'phone', start: '+4420' },
    { by: 'phone-end', digits: '4420' },
  ])
})

test('too little is not looked for', () => {
  for (const typed of ['', '  ', '1', '12', '---']) expect([typed, searchWays(typed)]).toEqual([typed, []])
})

test('an address is only an address, one word may be a name or an address, several are a name in either order', () => {
  expect(kinds('Pat@Lead')).toEqual(['email'])
  expect(kinds('pat')).toEqual(['email', 'last-name', 'first-name'])
  expect(searchWays('Pat  van Smith')).toEqual([
    { by: 'last-name', start: 'pat van smith', firstName: '' },
    { by: 'first-name', start: 'pat van smith' },
    { by: 'last-name', start: 'smith', firstName: 'pat' },
    { by: 'last-name', start: 'pat', firstName: 'smith' },
  ])
})
