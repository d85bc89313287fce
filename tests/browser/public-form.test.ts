import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { captures } from '../../drizzle/schema/index.ts'
import { findLeadByEmail } from '../../src/store/leads.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { mailsTo, settle } from '../http/support.ts'
import { everywhere, executablePath, expectSound, openBrowser } from './support.ts'

describe.skipIf(executablePath === null)('the public form', { timeout: 120_000 }, () => {
  let service: TestService
  let browser: Browser
  /** A clinic's own site, on another origin. */
  let site: Server
  let siteUrl: string

  beforeAll(async () => {
    site = createServer((request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(sitePage(new URL(request.url!, siteUrl).pathname.slice(1)))
    })
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    // A test fills in a form faster than any person.
    service = await createTestService({ env: { FORM_MIN_FILL_SECONDS: '0' } })
    await service.addSource({ slug: 'open' })
    await service.addSource({ slug: 'listed', origins: [siteUrl], proofOfWork: true })
    await service.addSource({ slug: 'framed', origins: [siteUrl] })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
    await new Promise((resolve) => (site ? site.close(resolve) : resolve(null)))
  })

  /** `/framed` has only the script; the others a form of the site's own as well. */
  const sitePage = (slug: string) =>
    `<!doctype html><html lang="en"><title>A clinic</title><body><h1>Contact</h1>${
      slug === 'framed'
        ? ''
        : `<form method="post" action="${service.baseUrl}/hooks/leads/${slug}">
          <label>Name <input name="first_name"></label>
          <label>Email <input name="email" type="text"></label>
          <input type="hidden" name="website">
          <button>Send</button>
        </form>`
    }<script src="${service.baseUrl}/embed.js" data-source="${slug}" defer></script></body></html>`

  let people = 0
  const newAddress = () => `browser-${++people}@lead.example`

  /** Does `work` on a fresh page, and tells where its requests went and what the browser complained of. */
  async function visit(work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 375, height: 800 }, ...options })
    const hosts = new Set<string>()
    const complaints: string[] = []
    context.on('request', (request) => hosts.add(new URL(request.url()).origin))
    context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    try {
      await work(await context.newPage())
    } finally {
      await context.close()
    }
    return { hosts, complaints }
  }

  /** The one capture of a lead. */
  async function captureOf(email: string) {
    const lead = await findLeadByEmail(service.ctx.db, email)
    const rows = await service.ctx.db.select().from(captures).where(eq(captures.leadId, lead!.id))
    expect(rows).toHaveLength(1)
    return rows[0]!
  }

  async function fillHosted(page: Page, email: string) {
    await page.getByLabel('First name').fill('Robin')
    await page.getByRole('textbox', { name: 'Email' }).fill(email)
    await page.getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Ask for a call' }).click()
  }

  test('the hosted form is sound at every width, in light and dark, also inside a page', async () => {
    await everywhere(browser, async (page, suffix) => {
      await page.goto(`${service.baseUrl}/f/open`)
      await expectSound(page, `hosted-${suffix}`)
      await page.getByRole('textbox', { name: 'Email' }).fill('pat@gmial.com')
      await page.getByRole('checkbox').check()
      await page.getByRole('button', { name: 'Ask for a call' }).click()
      await page.getByText('Did you mean pat@gmail.com?').waitFor()
      await expectSound(page, `hosted-hint-${suffix}`)
      await page.goto(`${service.baseUrl}/f/open?embed`)
      await expectSound(page, `hosted-embedded-${suffix}`)
    })
  })

  test.each([
    ['without JavaScript', false],
    ['with it', true],
  ])('the hosted form brings a lead and its mail: %s', async (_, javaScriptEnabled) => {
    const email = newAddress()
    const { hosts, complaints } = await visit(
      async (page) => {
        await page.goto(`${service.baseUrl}/f/open?utm_source=letter`)
        await fillHosted(page, email)
        await page.waitForURL('**/thanks')
      },
      { javaScriptEnabled },
    )
    expect(complaints).toEqual([])
    expect([...hosts]).toEqual([service.baseUrl])
    const { fields } = await captureOf(email)
    expect(fields).toMatchObject({ firstName: 'Robin', consent: true, consentTextVersion: 'hosted-1' })
    if (javaScriptEnabled)
      expect(fields).toMatchObject({
        pageUrl: `${service.baseUrl}/f/open`,
        utm: { utm_source: 'letter' },
      })
    await settle(service)
    expect(mailsTo(service, email)).toHaveLength(1)
  })

  test('a slip in the address is asked about, and mended only by the person', async () => {
    const name = `slip-${Date.now()}`
    await visit(async (page) => {
      await page.goto(`${service.baseUrl}/f/open`)
      await fillHosted(page, `${name}@gmial.com`)
      await page.getByRole('button', { name: `Use ${name}@gmail.com` }).click()
      expect(await page.getByRole('textbox', { name: 'Email' }).inputValue()).toBe(`${name}@gmail.com`)
      await page.getByRole('button', { name: 'Ask for a call' }).click()
      await page.waitForURL('**/thanks')
    })
    await captureOf(`${name}@gmail.com`)
    await visit(async (page) => {
      await page.goto(`${service.baseUrl}/f/open`)
      await fillHosted(page, `kept-${name}@gmial.com`)
      await page.getByText('Did you mean').waitFor()
      await page.getByRole('button', { name: 'Ask for a call' }).click()
      await page.waitForURL('**/thanks')
    })
    await captureOf(`kept-${name}@gmial.com`)
  })

  test('a form of a listed site: errors stand beside the fields, then it is sent, with its proof of work', async () => {
    const email = newAddress()
    const { hosts } = await visit(async (page) => {
      await page.goto(`${siteUrl}/listed?utm_campaign=spring&private=1`)
      await page.getByLabel('Name').fill('Robin')
      await page.getByLabel('Email').fill('robin@localhost')
      await page.getByRole('button', { name: 'Send' }).click()
      const note = page.getByRole('alert')
      await note.waitFor()
      expect(await note.textContent()).toBe('This is not a complete e-mail address.')
      const described = await page.getByLabel('Email').getAttribute('aria-describedby')
      expect(await note.getAttribute('id')).toBe(described)
      expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email')
      expect(new URL(page.url()).pathname).toBe('/listed')
      await page.getByLabel('Email').fill(email)
      await page.getByRole('button', { name: 'Send' }).click()
      await page.waitForURL('**/thanks')
    })
    expect([...hosts].sort()).toEqual([service.baseUrl, siteUrl].sort())
    const { fields, body } = await captureOf(email)
    expect(fields).toMatchObject({ pageUrl: `${siteUrl}/listed`, utm: { utm_campaign: 'spring' } })
    const sent = new URLSearchParams(body!.toString())
    expect(sent.get('submission_id')).toMatch(/^[\da-f-]{36}$/)
    expect(service.ctx.formSecrets.readStamp(sent.get('started_at')!)).toBeInstanceOf(Date)
  })

  test.each([
    ['is not listed: the browser itself sends it, and it is one lead', true],
    ['has no JavaScript', false],
  ])('a form of a site that %s', async (_, javaScriptEnabled) => {
    const email = newAddress()
    await visit(
      async (page) => {
        await page.goto(`${siteUrl}/open`)
        await page.getByLabel('Email').fill(email)
        await page.getByRole('button', { name: 'Send' }).click()
        await page.waitForURL('**/thanks')
      },
      { javaScriptEnabled },
    )
    await captureOf(email)
    await settle(service)
    expect(mailsTo(service, email)).toHaveLength(1)
  })

  test('a site without a form gets the hosted one, as tall as it is', async () => {
    const email = newAddress()
    const { hosts } = await visit(async (page) => {
      await page.goto(`${siteUrl}/framed`)
      const frame = page.frameLocator('iframe[title="Ask for a call"]')
      await frame.getByLabel('First name').fill('Robin')
      await frame.getByRole('textbox', { name: 'Email' }).fill(email)
      await frame.getByRole('checkbox').check()
      const inside = await frame.locator('body').evaluate((body) => body.scrollHeight)
      await expect.poll(() => page.locator('iframe').evaluate((one) => one.clientHeight)).toBe(inside)
      await frame.getByRole('button', { name: 'Ask for a call' }).click()
      await frame.getByText('Thank you, we have your message.').waitFor()
    })
    expect([...hosts].sort()).toEqual([service.baseUrl, siteUrl].sort())
    await captureOf(email)
  })
})
