import { randomUUID } from 'node:crypto'
import type { OutgoingMail } from '../../src/mail/mailer.ts'

const crlf = '\r\n'

/** Bytes as quoted-printable (RFC 2045, 6.7), lines of at most 76 characters. */
export function quotedPrintable(text: string): string {
  const line = (bytes: Buffer) => {
    const lines = ['']
    for (const [at, byte] of bytes.entries()) {
      const last = at === bytes.length - 1
      const plain = (byte >= 33 && byte <= 126 && byte !== 61) || (byte === 32 && !last)
      const sign = plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
      if (lines.at(-1)!.length + sign.length > 75) lines.push('')
      lines[lines.length - 1] += sign
    }
    return lines.join(`=${crlf}`)
  }
  return text
    .split(/\r?\n/)
    .map((each) => line(Buffer.from(each)))
    .join(crlf)
}

/** A header's words (RFC 2047), in pieces of 75 characters at most where they are not plain ASCII. */
function headerWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const pieces: string[] = []
  let piece = ''
  for (const sign of text) {
    if (Buffer.byteLength(piece + sign) > 42) {
      pieces.push(piece)
      piece = ''
    }
    piece += sign
  }
  return [...pieces, piece]
    .map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`)
    .join(`${crlf} `)
}

/** The message that a lead's server receives when Resend, which sends through Amazon SES, was given this mail. */
export function mimeMessage(mail: OutgoingMail, now: Date): string {
  const boundary = `=_${randomUUID()}`
  const domain = /@([^>\s]+)/.exec(mail.from)?.[1] ?? 'clinic.example'
  const date = now.toUTCString().replace('GMT', '+0000')
  const part = (type: string, body: string) =>
    [
      `--${boundary}`,
      `Content-Type: text/${type}; charset=utf-8`,
      'Content-Transfer-Encoding: quoted-printable',
      '',
      quotedPrintable(body),
    ].join(crlf)
  return [
    `Return-Path: <${randomUUID()}@send.${domain}>`,
    `Received: from a8-29.smtp-out.amazonses.com (a8-29.smtp-out.amazonses.com [54.240.8.29]) by mx.lead.example with ESMTPS id ${randomUUID().slice(0, 8)} for <${mail.to[0]}>; ${date}`,
    `From: ${mail.from}`,
    `To: ${mail.to.join(', ')}`,
    `Reply-To: ${mail.reply_to}`,
    `Subject: ${headerWords(mail.subject)}`,
    `Message-ID: <0100${randomUUID()}-000000@email.amazonses.com>`,
    `Date: ${date}`,
    ...Object.entries(mail.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    part('plain', mail.text),
    part('html', mail.html),
    `--${boundary}--`,
    '',
  ].join(crlf)
}
