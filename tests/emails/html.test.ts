import { HtmlValidate, type ConfigData } from 'html-validate'
import { beforeAll, describe, expect, test } from 'vitest'
import { templates } from '../../emails/index.ts'
import { renderAlert, createRenderer } from '../../src/mail/renderer.ts'
import { alerts } from '../../emails/index.ts'
import { brands, hostileNames, names, propsFor } from './support.ts'

const config: ConfigData = {
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // Mail clients throw style sheets away, so each element carries its own look.
    'no-inline-style': 'off',
    // Outlook reads width, height and align from attributes and not from styles.
    'no-deprecated-attr': 'off',
    // React Email writes the XHTML doctype that mail clients were built for, and with it `<br/>`.
    'doctype-html': 'off',
    'void-style': 'off',
    // React writes cellSpacing in its own case; HTML does not mind.
    'attr-case': 'off',
    // The title repeats the subject, which is limited by itself and may hold a name.
    'long-title': 'off',
  },
}
const validator = new HtmlValidate(config)
const renderer = createRenderer(templates)

async function problems(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))
}

const cases = names.flatMap((name) =>
  Object.entries(brands).flatMap(([brandName, brand]) =>
    Object.entries(hostileNames).map(([lead, firstName]) => ({ name, brandName, brand, lead, firstName })),
  ),
)

test.each(cases)('$name · $brandName · $lead is valid HTML', async ({ name, brand, firstName }) => {
  const { html } = await renderer.mail(name, propsFor(brand, firstName))
  expect(await problems(html)).toEqual([])
})

test('the alerts are valid HTML, whatever the lead wrote', async () => {
  const alert = alerts['fresh-lead']
  for (const kind of ['fresh-lead', 'call-me', 'unbooked-click', 'finished'] as const)
    for (const message of Object.values(hostileNames)) {
      const { html } = await renderAlert(alert, { ...alert.previewProps, kind, message, name: message })
      expect(await problems(html)).toEqual([])
    }
  const { digest } = alerts
  const news = Object.values(hostileNames).map((name) => ({ ...digest.previewProps.news[0]!, name }))
  expect(await problems((await renderAlert(digest, { ...digest.previewProps, news })).html)).toEqual([])
})

describe('the validator still catches', () => {
  let html: string
  beforeAll(async () => {
    html = (await renderer.mail('lock-up', propsFor(brands.second, 'Pat'))).html
  })
  test.each([
    ['a picture without a description', (from: string) => from.replace(/ alt="[^"]*"/, ''), 'wcag/h37'],
    ['an element that is not closed', (from: string) => from.replace('</h1>', ''), 'close-order'],
    [
      'an id used twice',
      (from: string) => from.replaceAll('<h1', '<i id="a"></i><i id="a"></i><h1'),
      'no-dup-id',
    ],
    ['an unescaped name', (from: string) => from.replace('Hi Pat', 'Hi <x & y'), 'parser-error'],
  ])('%s', async (_, spoil, rule) => {
    expect((await problems(spoil(html))).join('\n')).toContain(rule)
  })
})
