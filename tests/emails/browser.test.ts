import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { alerts, templates } from '../../emails/index.ts'
import { createRenderer, renderAlert } from '../../src/mail/renderer.ts'
import { brands, hostileNames, names, propsFor } from './support.ts'

/** Rules about pages of a site: a mail stands inside its client's page, which brings landmarks of its own. */
const options: RunOptions = {
  rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false }, bypass: { enabled: false } },
  resultTypes: ['violations', 'incomplete'],
}
const contrastOnly: RunOptions = { runOnly: ['color-contrast'], resultTypes: ['violations', 'incomplete'] }

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const renderer = createRenderer(templates)
const executablePath = inject('chromium')
let browser: Browser
let page: Page

async function violations(run: RunOptions): Promise<string[]> {
  const result = await page.evaluate(
    (given) => (globalThis as unknown as { axe: { run(o: object): Promise<AxeResults> } }).axe.run(given),
    run as object,
  )
  // Axe calls a contrast undecided when something overlaps: nothing may hide behind that either.
  const undecided = result.incomplete.filter(({ id }) => id === 'color-contrast')
  return [...result.violations, ...undecided].flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${String(node.target)} ${node.any.map(({ message }) => message).join('; ')}`),
  )
}

/** Shows a mail as a client would: no network, so that a logo is missing. */
async function show(html: string): Promise<void> {
  await page.setContent(html)
  await page.evaluate(axe)
}

const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

describe.skipIf(executablePath === null)('in Chromium', () => {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: ['--no-sandbox', '--disable-gpu'],
    })
    page = await browser.newPage({ viewport: { width: 640, height: 800 }, offline: true })
  })
  afterAll(() => browser?.close())

  const cases = names.flatMap((name) =>
    Object.entries(brands).map(([clinic, brand]) => ({ name, clinic, brand })),
  )

  test.each(cases)(
    '$name for $clinic can be read by everyone, by day and by night, at any width, whoever the lead is',
    { timeout: 120_000 },
    async ({ name, brand }) => {
      for (const [lead, firstName] of Object.entries(hostileNames)) {
        await page.emulateMedia({ colorScheme: 'light' })
        await page.setViewportSize({ width: 640, height: 800 })
        await show((await renderer.mail(name, propsFor(brand, firstName))).html)
        expect(await violations(options), lead).toEqual([])
        await page.setViewportSize({ width: 320, height: 800 })
        expect(await sideways(), `${lead}, 320 px`).toBe(0)
      }
      // No name changes a colour: once is enough.
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await violations(contrastOnly), 'dark').toEqual([])
    },
  )

  test('the alerts can be read too', async () => {
    const alert = alerts['fresh-lead']
    for (const brand of Object.values(brands))
      for (const kind of ['fresh-lead', 'call-me'] as const)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          await show((await renderAlert(alert, { ...alert.previewProps, brand, kind })).html)
          expect(await violations(options)).toEqual([])
        }
    const { digest } = alerts
    for (const brand of Object.values(brands))
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width: 320, height: 800 })
        await show((await renderAlert(digest, { ...digest.previewProps, brand })).html)
        expect(await violations(options)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
      }
  })

  test('a faint colour and a nameless picture are found, by day and by night', async () => {
    const { html } = await renderer.mail('lock-up', propsFor(brands.second, 'Pat'))
    await page.setViewportSize({ width: 640, height: 800 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const faint = `<style>.muted{color:${colorScheme === 'light' ? '#ddd' : '#333'}!important}</style></head>`
      await show(html.replace('</head>', faint).replace(/ alt="[^"]*"/, ''))
      expect((await violations(contrastOnly)).join()).toContain('color-contrast')
      expect((await violations(options)).join()).toContain('image-alt')
    }
  })
})
