import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bench, mail } from './support.ts'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
]
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(!existsSync(executablePath))('in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args })
  })
  afterAll(() => browser.close())

  test('a hostile mail runs nothing, in the frame, alone, or from its links', async () => {
    const { sandbox, resend } = await bench()
    const mark = `document.title='owned';try{top.document.title='owned'}catch{}`
    const html = `<title>mail</title><script>${mark}</script><img src=x onerror="${mark}"><a id=js target=_blank href="javascript:${mark}">x</a><form action="${sandbox.url}/sandbox/events/release" method=post><button id=post>x</button></form><meta http-equiv=refresh content="0;url=javascript:${mark}">`
    const { data } = await resend.emails.send(mail({ html, subject: '<img src=x onerror=alert(1)>' }))
    const page = await browser.newPage()
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    const posts: string[] = []
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()))
    for (const path of ['view', 'html']) {
      await page.goto(`${sandbox.url}/sandbox/emails/${data?.id}/${path}`)
      const frame = path === 'view' ? page.frames()[1] : page.mainFrame()
      await frame?.locator('#post').click()
      await frame?.locator('#js').click()
      await page.waitForTimeout(200)
      for (const open of page.context().pages()) expect(await open.title()).not.toBe('owned')
      expect(await page.title()).toBe(
        path === 'view' ? '<img src=x onerror=alert(1)> · Sandbox · nurture' : 'mail',
      )
    }
    expect([dialogs, posts]).toEqual([[], []])
    await page.context().close()
  })

  test('an open inbox shows new mail by itself and keeps the focus', async () => {
    const { sandbox, resend } = await bench()
    await resend.emails.send(mail({ subject: 'First' }))
    const page = await browser.newPage()
    await page.goto(`${sandbox.url}/sandbox`)
    await page.getByRole('link', { name: 'First' }).focus()
    await resend.emails.send(mail({ subject: 'Second' }))
    await page.getByRole('link', { name: 'Second' }).waitFor({ timeout: 5000 })
    expect(await page.getByRole('status').textContent()).toBe('1 new mail')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('First')
    await page.context().close()
  })

  test('every page fits 320 px and has no fault that axe knows, light and dark', async () => {
    const { sandbox, resend } = await bench()
    const inbox = `${sandbox.url}/sandbox`
    const long = `${'a'.repeat(60)}@${'b'.repeat(60)}.example`
    const check = async (urls: string[]) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        // Our own policy would keep axe out as well.
        const context = await browser.newContext({
          viewport: { width: 320, height: 700 },
          colorScheme,
          bypassCSP: true,
        })
        const page = await context.newPage()
        for (const url of urls) {
          await page.goto(url)
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
          expect([url, beyond]).toEqual([url, 0])
          await page.evaluate(axe)
          const violations = await page.evaluate(
            'axe.run({ iframes: false }).then((result) => result.violations)',
          )
          expect(violations).toEqual([])
        }
        await context.close()
      }
    }
    await check([inbox])
    for (const to of ['bounced@resend.dev', 'complained@resend.dev', 'suppressed@resend.dev', long])
      await resend.emails.send(mail({ to, tags: [{ name: 'x'.repeat(80), value: 'y'.repeat(80) }] }) as never)
    const view = `${inbox}/emails/${sandbox.emails().at(-1)?.id}/view`
    const tabs = ['html', 'text', 'headers', 'events', 'json', 'reply'].map((tab) => `${view}?tab=${tab}`)
    await check([inbox, `${inbox}?to=nobody`, ...tabs, `${view}?width=phone`, `${inbox}/emails/x/view`])
  })
})
