import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestService, type TestService } from '../support/service.ts'
import { submitForm } from '../support/forms.ts'
import { mailsTo, settle } from '../http/support.ts'
import { everywhere, executablePath, expectSound, openBrowser } from './support.ts'

describe.skipIf(executablePath === null)('in Chromium', { timeout: 120_000 }, () => {
  let service: TestService
  let browser: Browser
  beforeAll(async () => {
    service = await createTestService()
    await service.addSource({})
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function newLead() {
    const email = `person-${Math.random().toString(36).slice(2)}@lead.example`
    await submitForm(service, { email, first_name: 'Robin', last_name: 'Vale', phone: '+16105550133' })
    await settle(service)
    const [mail] = mailsTo(service, email)
    const [alert] = mailsTo(service, 'front-desk').filter(({ text }) => text?.includes(email))
    return {
      unsubscribe: /<([^>]+)>/.exec(mail!.headers['List-Unsubscribe']!)![1]!,
      callMe: /https?:\/\/\S+\/call\/[\w-]+/.exec(mail!.text!)![0],
      markBooked: /https?:\/\/\S+\/booked\/[\w-]+/.exec(alert!.text!)![0],
    }
  }

  test('every page is sound at every width, in light and dark', async () => {
    await everywhere(browser, async (page, suffix) => {
      const links = await newLead()
      await page.goto(`${service.baseUrl}/`)
      await expectSound(page, `demo-${suffix}`)
      await page.goto(`${service.baseUrl}/thanks`)
      await expectSound(page, `thanks-${suffix}`)
      await page.goto(`${service.baseUrl}/u/nothing`)
      await expectSound(page, `problem-${suffix}`)
      for (const [name, url] of Object.entries(links)) {
        await page.goto(url)
        await expectSound(page, `${name}-${suffix}`)
        if (name === 'unsubscribe')
          for (const choice of ['Send me fewer', 'Pause for a month']) {
            await page.getByRole('button', { name: choice }).click()
            await page.getByRole('link', { name: 'Choose again' }).waitFor()
            await expectSound(page, `pace-done-${suffix}`)
            await page.getByRole('link', { name: 'Choose again' }).click()
            await page.getByRole('button', { name: 'Go on as before' }).waitFor()
            await expectSound(page, `pace-${suffix}`)
          }
        await page.getByRole('button').first().click()
        await page.waitForLoadState()
        await expectSound(page, `${name}-done-${suffix}`)
      }
    })
  })

  test('a form that cannot be taken says so on a sound page, and going back finds what was written', async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 }, bypassCSP: true })
    await page.goto(`${service.baseUrl}/`)
    await page.getByLabel('First name').fill('Robin')
    await page.getByRole('textbox', { name: 'Email' }).fill('robin@localhost')
    await page.getByRole('checkbox').check()
    await page.getByRole('button').click()
    await page.getByRole('heading', { name: 'A field is not valid' }).waitFor()
    await expectSound(page, 'invalid-375-light')
    await page.goBack()
    expect(await page.getByRole('textbox', { name: 'Email' }).inputValue()).toBe('robin@localhost')
    await page.context().close()
  })

  test('the form works by keyboard alone, under our own policy, and its mail stands in the inbox', async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } })
    const blocked: string[] = []
    page.on('console', (message) => message.type() === 'error' && blocked.push(message.text()))
    await page.goto(`${service.baseUrl}/`)
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name'))
    const order: (string | null | undefined)[] = []
    const type = async (text: string) => {
      await page.keyboard.press('Tab')
      order.push(await focused())
      await page.keyboard.type(text)
    }
    await type('Robin')
    await type('delivered+keyboard@resend.dev')
    await type('610 555 0144')
    await type('Mornings are best.')
    await type(' ')
    // The field that only programs see is never reached.
    expect(order).toEqual(['first_name', 'email', 'phone', 'message', 'consent'])
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/thanks')
    const { bookingUrl, phone } = service.ctx.config.brand
    expect(await page.getByRole('link', { name: 'Schedule a call' }).getAttribute('href')).toBe(bookingUrl)
    const call = page.getByRole('main').getByRole('link', { name: /^Call .*610.*0100$/ })
    expect(await call.getAttribute('href')).toBe(`tel:${phone}`)
    expect(blocked).toEqual([])

    await settle(service)
    const [mail] = mailsTo(service, 'delivered+keyboard@resend.dev')
    await page.goto(`${service.sandbox.url}/sandbox?to=delivered%2Bkeyboard`)
    await page.getByRole('link', { name: mail!.subject }).waitFor()
    await page.goto(`${service.sandbox.url}/sandbox?to=front-desk`)
    expect(await page.getByRole('main').textContent()).toContain('New lead')
    await page.context().close()
  })

  test('without what is required the browser itself refuses, and says which field', async () => {
    const page = await browser.newPage()
    await page.goto(`${service.baseUrl}/`)
    await page.getByRole('button').click()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('email')
    expect(new URL(page.url()).pathname).toBe('/')
    await page.context().close()
  })
})
