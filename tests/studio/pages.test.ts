import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everywhere, executablePath, expectSound, openBrowser } from '../browser/support.ts'
import { mailsTo, settle } from '../http/support.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { type Member, newMember } from './support.ts'

describe.skipIf(executablePath === null)('the studio in Chromium', { timeout: 240_000 }, () => {
  let service: TestService
  let browser: Browser
  let admin: Member
  beforeAll(async () => {
    // No name server is asked: what they say differs from machine to machine.
    service = await createTestService({
      overrides: { senderDns: { txt: async () => null, mx: async () => null } },
    })
    admin = await newMember(service, 'admin')
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  const signIn = ({ cookie }: Member, context: BrowserContext) => {
    const [name = '', value = ''] = cookie.split('=')
    return context.addCookies([{ name, value, url: service.baseUrl }])
  }

  /** Opens a page, and waits until nothing of it is on its way any more. */
  async function open(page: Page, path: string, heading: string) {
    await page.goto(`${service.baseUrl}${path}`)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await page.waitForLoadState('networkidle')
  }

  test('every page is sound at every width, in light and dark', async () => {
    await everywhere(browser, async (page, suffix) => {
      await open(page, '/studio/sign-in', 'Sign in to the studio')
      await expectSound(page, `studio-sign-in-${suffix}`)
      await signIn(admin, page.context())
      for (const [name, path, heading] of [
        ['overview', '', 'Overview'],
        ['brand', '/settings/brand', 'Settings'],
        ['forms', '/settings/forms', 'Settings'],
        ['sessions', '/settings/sessions', 'Settings'],
        ['people', '/settings/people', 'Settings'],
        ['tokens', '/settings/tokens', 'Settings'],
        ['audit', '/settings/audit', 'Settings'],
        ['nothing', '/nothing', 'Nothing is here'],
      ]) {
        await open(page, `/studio${path}`, heading!)
        await expectSound(page, `studio-${name}-${suffix}`)
      }
    })
  })

  test('a link from the mail signs in, the keyboard alone gets around, and nothing breaks the policy', async () => {
    const context = await browser.newContext({ viewport: { width: 375, height: 800 } })
    const complaints: string[] = []
    const hosts = new Set<string>()
    context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    context.on('weberror', (error) => complaints.push(error.error().message))
    context.on('request', (request) => hosts.add(new URL(request.url()).origin))
    const page = await context.newPage()
    await page.goto(`${service.baseUrl}/studio`)
    await page.getByLabel('Your email').fill(admin.email)
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.getByRole('heading', { name: 'Look at your mail' }).waitFor()
    await settle(service)
    await page.goto(/https?:\/\/\S+\/sign-in\/[\w-]+/.exec(mailsTo(service, admin.email).at(-1)!.text!)![0])
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()

    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the page')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Settings' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    expect(await focused()).toBe('Settings')
    // Dialogs and menus make styles as they go.
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    await page.keyboard.press('Escape')
    await page.goto(`${service.baseUrl}/studio/settings/people`)
    await page.getByRole('button', { name: 'Remove' }).first().click()
    await page.getByRole('dialog').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(complaints).toEqual([])
    expect([...hosts]).toEqual([service.baseUrl])
    await context.close()
  })

  test('the clinic changes its name, and sees what is wrong beside the field; a viewer may only look', async () => {
    const context = await browser.newContext()
    await signIn(admin, context)
    const page = await context.newPage()
    await open(page, '/studio/settings/brand', 'Settings')
    await page.getByLabel('Phone').fill('610')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('is a number such as +16105550100').first().waitFor()
    await page.getByLabel('Phone').fill('+16105550199')
    await page.getByLabel('Name of the clinic').fill('Movement House')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('banner').getByText('Movement House').waitFor()
    expect(service.ctx.config.brand.clinicName).toBe('Movement House')
    await open(page, '/studio', 'Overview')
    await page.getByRole('button', { name: 'Go live' }).click()
    await page.getByText('RESEND_API_KEY').waitFor()
    await context.close()

    const looking = await browser.newContext()
    await signIn(await newMember(service, 'viewer'), looking)
    const view = await looking.newPage()
    await open(view, '/studio/settings/brand', 'Settings')
    expect(await view.getByLabel('Name of the clinic').isDisabled()).toBe(true)
    expect(await view.getByRole('tab', { name: 'People' }).count()).toBe(0)
    await looking.close()
  })
})
