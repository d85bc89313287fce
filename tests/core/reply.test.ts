import { describe, expect, it } from 'vitest'
import { automaticSign, messageIds } from '../../src/core/reply.ts'

describe('an automatic answer', () => {
  it.each([
    [{ 'auto-submitted': 'auto-replied' }, 'auto-submitted'],
    [{ 'auto-submitted': 'auto-generated; owner-email="a@b.example"' }, 'auto-submitted'],
    [{ 'auto-submitted': ' Auto-Notified (out of office)' }, 'auto-submitted'],
    [{ precedence: 'bulk' }, 'precedence'],
    [{ precedence: 'Junk' }, 'precedence'],
    [{ precedence: 'list' }, 'precedence'],
    [{ precedence: 'auto_reply' }, 'precedence'],
    [{ 'x-autoreply': 'yes' }, 'x-autoreply'],
    [{ 'x-autorespond': '' }, 'x-autorespond'],
    [{ 'return-path': '<>' }, 'return-path'],
    [{ 'content-type': 'multipart/report; report-type=delivery-status' }, 'content-type'],
  ])('shows by %j', (headers, sign) => {
    expect(automaticSign(headers as Record<string, string>)).toBe(sign)
  })

  it.each([
    {},
    { 'auto-submitted': 'no' },
    { 'auto-submitted': 'No (said a person)' },
    { precedence: 'first-class' },
    { 'return-path': '<pat@lead.example>' },
    { 'content-type': 'multipart/alternative; boundary=report' },
    { 'in-reply-to': '<a@b.example>', 'x-auto-response-suppress': 'All' },
  ])('is none by %j', (headers) => {
    expect(automaticSign(headers as Record<string, string>)).toBeNull()
  })
})

it('takes Message-IDs out of a header, in their order', () => {
  expect(messageIds('<a@b.example>')).toEqual(['a@b.example'])
  expect(messageIds('<a@b.example>\r\n <c=d+e@f.example> (words) <g@h>')).toEqual([
    'a@b.example',
    'c=d+e@f.example',
    'g@h',
  ])
  for (const none of [undefined, '', 'a@b.example', '<>', '< a@b >', `<${'x'.repeat(501)}>`])
    expect(messageIds(none)).toEqual([])
})
