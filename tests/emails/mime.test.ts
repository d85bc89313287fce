import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mimeMessage, quotedPrintable } from '../../emails/_scripts/mime.ts'

/** Undone as a mail reader does it. */
const decode = (text: string) =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()

test('quoted-printable keeps every character, in short ASCII lines', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const encoded = quotedPrintable(text)
      expect(decode(encoded)).toBe(text.replace(/\r?\n/g, '\r\n'))
      for (const line of encoded.split('\r\n')) expect(line).toMatch(/^[\x20-\x7e]{0,76}$/)
      expect(encoded).not.toMatch(/ $/m)
    }),
  )
})

test('a message holds both parts, and a subject in any script', () => {
  const mail = {
    from: 'Clinic <a@clinic.test>',
    to: ['b@lead.test'],
    reply_to: 'c@clinic.test',
    subject: 'Hüfte und Rücken — ein erster, ruhiger Gedanke für Sie 🙂',
    html: '<p>Grüße</p>',
    text: 'Grüße',
  }
  const message = mimeMessage(mail, new Date(0))
  const [, folded = ''] = /^Subject: ([^]*?)\r\n(?! )/m.exec(message) ?? []
  const words = [...folded.matchAll(/=\?UTF-8\?B\?(.*?)\?=/g)].map(([, piece = '']) =>
    Buffer.from(piece, 'base64'),
  )
  expect(Buffer.concat(words).toString()).toBe(mail.subject)
  expect(message).toMatch(
    /text\/plain[^]*Gr=C3=BC=C3=9Fe\r\n--[^]*text\/html[^]*<p>Gr=C3=BC=C3=9Fe<\/p>\r\n--/,
  )
  expect(message).toContain('Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n')
})
