import { caniemail } from 'caniemail'
import { expect, test } from 'vitest'
import { templates } from '../../emails/index.ts'
import { createRenderer } from '../../src/mail/renderer.ts'
import { brands, names, propsFor } from './support.ts'

type Clients = Parameters<typeof caniemail>[0]['clients']

/** What most people read mail in. Left out: Windows Mail, which was switched off, and Gmail in a phone's browser. */
const clients: Clients = [
  'gmail.desktop-webmail',
  'gmail.ios',
  'gmail.android',
  'apple-mail.macos',
  'apple-mail.ios',
  'outlook.windows',
  'outlook.macos',
  'outlook.ios',
  'outlook.android',
  'yahoo.desktop-webmail',
  'yahoo.ios',
  'yahoo.android',
  'samsung-email.android',
]

/** What some of them ignore, and why the mail is whole without it. */
const harmless: Record<string, string> = {
  '@media': 'dark colours and phone margins are extras: the inline look stands alone',
  'border-radius': 'corners are square, nothing else',
  '<body> element': 'some turn it into a div: page colour also stands on the outer table',
  'overflow-wrap': 'a very long word may stick out',
  'word-break': 'the older name of the same wish',
  'white-space': 'a phone number may wrap',
  'target attribute': 'clients that drop it open links in a new window anyway',
  'text-decoration-line': 'React Email adds it beside text-decoration, which all know',
  outline: 'React Email adds it to pictures',
  clear: 'belt and braces: nothing floats beside the lines that have it',
  overflow: 'hides the preheader, together with display, which all know',
  opacity: 'the same',
  'height property': 'spacers and drawings also have the attribute',
  'aria-hidden attribute': 'the progress bars hold no words, so nothing is read out',
  'aria-label attribute': 'a drawing goes unnamed where roles are dropped too; the text does not rely on it',
}

const renderer = createRenderer(templates)
const seen = new Set<string>()

/** Features that at least one client does not know at all; partial support is not counted. */
function unknown(html: string): string[] {
  const { issues } = caniemail({ clients, html })
  return [...new Set([...issues.errors.values()].flatMap((list) => list.map(({ title }) => title)))]
}

// No name can change what CSS a mail uses: hostile ones are in the HTML tests, and one is enough here.
const cases = names.flatMap((name) =>
  Object.values(brands).map((brand) => ({ name, brand, clinic: brand.clinicName })),
)

test.each(cases)(
  '$name for $clinic uses nothing that breaks it in a common client',
  async ({ name, brand }) => {
    const { html } = await renderer.mail(name, propsFor(brand, '<b onclick="x">Pat</b>'))
    const features = unknown(html)
    for (const feature of features) seen.add(feature)
    expect(features.filter((feature) => !Object.hasOwn(harmless, feature))).toEqual([])
  },
)

test('each excuse is still needed', () => {
  expect(Object.keys(harmless).filter((feature) => !seen.has(feature))).toEqual([])
})

test('what does break is found', () => {
  expect(unknown('<div style="display:grid;position:fixed"></div>')).toEqual(
    expect.arrayContaining(['display:grid', 'position']),
  )
})
