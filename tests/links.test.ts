import { createHmac, hkdfSync, randomUUID } from 'node:crypto'
import { parse } from 'uuid'
import { expect, test } from 'vitest'
import { createLinks } from '../src/links.ts'

const appSecret = 'x'.repeat(48)
const links = createLinks({
  publicUrl: 'https://nurture.example',
  appSecret,
  bookingUrl: 'https://clinic.example/book',
  replyDomain: 'reply.example',
})
const tokenOf = (link: string) => link.slice(link.lastIndexOf('/') + 1)
const purposes = ['unsubscribe', 'call-me', 'click', 'confirm', 'mark-booked', 'booking', 'sign-in'] as const

test('each link of a mail opens what it is for and nothing else, however they take turns', () => {
  const [one, other] = [randomUUID(), randomUUID()]
  const made = {
    unsubscribe: links.unsubscribe,
    'call-me': links.callMe,
    click: links.booking,
    confirm: links.confirm,
    'mark-booked': links.markBooked,
    'sign-in': links.signIn,
  }
  for (const [purpose, make] of Object.entries(made))
    for (const id of [one, other, one]) {
      const token = tokenOf(make(id))
      for (const tried of purposes)
        expect([purpose, tried, links.read(tried, token)]).toEqual([
          purpose,
          tried,
          tried === purpose ? id : null,
        ])
    }
})

test('the address for answers holds its delivery, and one that was changed holds none', () => {
  const id = randomUUID()
  const address = links.replyAddress(id)!
  expect(links.readReplyAddress(address.toUpperCase())).toBe(id)
  expect(links.readReplyAddress(address.replace(/.@/, (end) => (end === '0@' ? '1@' : '0@')))).toBeNull()
})

test('parts of one signature are not each other’s: what one link shows signs no other', () => {
  const id = randomUUID()
  const signatures = [links.unsubscribe(id), links.callMe(id), links.booking(id)].map((link) =>
    Buffer.from(tokenOf(link), 'base64url').subarray(16).toString('hex'),
  )
  expect(new Set(signatures).size).toBe(3)
})

test('links of older mails, each with a signature of its own, stay good', () => {
  const id = randomUUID()
  const key = Buffer.from(hkdfSync('sha256', appSecret, '', 'links', 32))
  const older = (purpose: string, length: number) => {
    const whole = createHmac('sha256', key).update(`${purpose}\0`).update(parse(id)).digest()
    return Buffer.concat([parse(id), whole.subarray(0, length)])
  }
  for (const purpose of purposes) {
    const token = older(purpose, 16).toString('base64url')
    expect([purpose, links.read(purpose, token)]).toEqual([purpose, id])
    for (const other of purposes) if (other !== purpose) expect(links.read(other, token)).toBeNull()
  }
  expect(links.readReplyAddress(`r+${older('reply', 10).toString('hex')}@reply.example`)).toBe(id)
})
