import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect, inject } from 'vitest'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Null where there is no browser. */
export const executablePath = inject('chromium')
/** A folder to keep pictures of every page in, for a person to look at. */
const pictures = process.env.TEST_PICTURES

const widths = [320, 375, 1280]
const schemes = ['light', 'dark'] as const

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: executablePath!, args })

/** Nothing that axe knows to be wrong, nothing beyond the screen's edge, and the style sheet is there. */
export async function expectSound(page: Page, name: string): Promise<void> {
  // Judged once nothing on it is in the midst of a change.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished.catch(() => {})),
    ),
  )
  const look = await page.evaluate(() => ({
    beyond: document.documentElement.scrollWidth - window.innerWidth,
    styled: getComputedStyle(document.body).marginTop === '0px',
    headings: document.querySelectorAll('h1:not([aria-level])').length,
  }))
  expect([name, look]).toEqual([name, { beyond: 0, styled: true, headings: 1 }])
  await page.evaluate(axe)
  const violations = (await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]))',
  )) as unknown[]
  expect([name, violations]).toEqual([name, []])
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}

/** Does `work` on a page of each width and colour scheme. */
export async function everywhere(
  browser: Browser,
  work: (page: Page, suffix: string) => Promise<void>,
): Promise<void> {
  for (const width of widths)
    for (const colorScheme of schemes) {
      // Our own policy would keep axe out as well.
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme,
        bypassCSP: true,
      })
      try {
        await work(await context.newPage(), `${width}-${colorScheme}`)
      } finally {
        await context.close()
      }
    }
}
