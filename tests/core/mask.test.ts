import { describe, expect, test } from 'vitest'
import { hideTokens } from '../../src/core/hide-tokens.ts'
import { maskEmail, maskPhone, maskText } from '../../src/core/mask.ts'

describe('a masked body', () => {
  test.each([
    ['{"email":"pat.smith+gym@lead.example"}', '{"email":"•••@•••"}'],
    ['email=pat%40lead.example&name=Pat', 'email=•••@•••&name=Pat'],
    ['{"email":"pat\\u0040lead.example"}', '{"email":"•••@•••"}'],
    ['phone=%28610%29+555-0177&x=1', 'phone=•••&x=1'],
    ['call (610) 555-0177 or +1 610.555.0177', 'call (••• or •••'],
    ['tel=%2B16105550177', 'tel=•••'],
  ])('%s', (body, masked) => expect(maskText(body)).toBe(masked))

  test('leaves what is neither', () => {
    expect(maskText('{"age":41,"zip":"19010","note":"on 3 days"}')).toBe(
      '{"age":41,"zip":"19010","note":"on 3 days"}',
    )
  })
})

test('an address keeps its host, a number its last two digits', () => {
  expect(maskEmail('pat@lead.example')).toBe('p•••@lead.example')
  expect(maskEmail('nonsense')).toBe('•••')
  expect(maskPhone('+16105550177')).toBe('•••77')
})

test('a token of ours is taken out of a link, and everything else stays', () => {
  const token = 'AZ2_'.repeat(11).slice(0, 43)
  const html = `<a href="https://n.example/u/${token}">x</a><a href="https://b.example/?utm_content=${token}&amp;a=1">`
  expect(hideTokens(html)).toBe(
    '<a href="https://n.example/u/-">x</a><a href="https://b.example/?utm_content=-&amp;a=1">',
  )
  expect(hideTokens(`https://n.example/${token}a`)).toContain(token)
})
