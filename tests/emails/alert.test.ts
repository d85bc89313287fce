import { expect, test } from 'vitest'
import { alertPreviewProps } from '../../emails/_components/preview-props.ts'
import { alerts } from '../../emails/index.ts'
import { renderAlert } from '../../src/mail/renderer.ts'

const fresh = alerts['fresh-lead']

test('the front desk sees at once who to call', async () => {
  const { subject, html, text } = await renderAlert(fresh, alertPreviewProps)
  expect(subject).toBe('New lead from Website form')
  expect(html).toContain('href="tel:+16105550199"')
  expect(html).toContain('href="mailto:pat@lead.example"')
  expect(html.match(/<h1\b/g)).toHaveLength(1)
  expect(text).toContain('Mark booked:\nhttps://clinic.example/m/preview')
  expect(text).toContain('Could someone call me?\nAfternoons are best.')
  for (const part of ['Pat Example', '(610) 555-0199', 'pat@lead.example', alertPreviewProps.receivedAt])
    expect(text).toContain(part)
})

test('subject and preheader hold nothing of the person', async () => {
  const { subject, html } = await renderAlert(fresh, { ...alertPreviewProps, source: ' Spring\r\nBcc: x ' })
  expect(subject).toBe('New lead from Spring Bcc: x')
  const preheader = /data-skip-in-text="true"[^>]*>([^<]*)</.exec(html)?.[1] ?? ''
  expect(preheader).not.toMatch(/Pat|lead\.example|0199|call me/)
})

test('what is missing is said, and what is hostile is text', async () => {
  const { html, text } = await renderAlert(fresh, {
    ...alertPreviewProps,
    name: null,
    phone: null,
    email: 'a"b?cc=x@lead.example',
    message: '<img src=x onerror=alert(1)>\n$&',
  })
  expect(text.match(/Not given/g)).toHaveLength(2)
  expect(html).not.toContain('<img')
  expect(html).toContain('href="mailto:a%22b%3Fcc%3Dx@lead.example"')
  expect(text).toContain('<img src=x onerror=alert(1)>\n$&')
})

test('a lead who asks to be called is told of as that, with the number first', async () => {
  const { subject, html, text } = await renderAlert(fresh, { ...alertPreviewProps, kind: 'call-me' })
  expect(subject).toBe('A lead asks to be called')
  expect(html).toContain('>Please call this lead</h1>')
  expect(text).toContain(`Asked\n${alertPreviewProps.receivedAt}`)
  expect(text).not.toContain('New lead')
  expect(text.indexOf('(610) 555-0199')).toBeLessThan(text.indexOf('Pat Example'))
  expect(text.indexOf('Pat Example')).toBeLessThan(text.indexOf('pat@lead.example'))
})
