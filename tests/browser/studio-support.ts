import type { Browser, Page } from 'playwright-core'
import type { Member } from '../studio/support.ts'
import { expect } from 'vitest'
import type { TestService } from '../support/service.ts'

/** Widths at which each job of the studio is done. */
export const sizes = [
  { name: 'phone', width: 375, height: 800 },
  { name: 'desktop', width: 1280, height: 900 },
] as const

/** A page of somebody who is signed in, on a browser of their own. `bypassCSP`: for axe, which our policy keeps out. */
export async function openStudio(
  browser: Browser,
  { baseUrl }: TestService,
  member: Member,
  options: { width: number; height: number; bypassCSP?: boolean; colorScheme?: 'light' | 'dark' },
): Promise<{ page: Page; blocked: string[]; close(): Promise<void> }> {
  const { width, height, ...rest } = options
  // Without motion, so that what is looked at has come to rest.
  const context = await browser.newContext({
    viewport: { width, height },
    baseURL: baseUrl,
    reducedMotion: 'reduce',
    ...rest,
  })
  const [name = '', value = ''] = member.cookie.split('=')
  await context.addCookies([{ name, value, url: baseUrl }])
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const blocked: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy|Refused/.test(message.text())) blocked.push(message.text())
  })
  page.on('pageerror', (error) => blocked.push(error.message))
  return { page, blocked, close: () => context.close() }
}

/** What is read comes to be as expected, in as long as a busy machine may need. */
export const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 30_000 })

/** Presses Tab until what has the focus is named so, as somebody without a mouse would. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 250; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement | null
      const label = (at as HTMLInputElement | null)?.labels?.[0]?.textContent
      return at?.getAttribute('aria-label') ?? label ?? at?.textContent ?? ''
    })
    if (name.test(focused)) return
  }
  throw new Error(`Nothing named ${name} is reached by the Tab key`)
}
