import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { newestRevision } from '../../src/store/revisions.ts'
import { type Member, newMember } from '../studio/support.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { eventually, openStudio, sizes, tabTo } from './studio-support.ts'
import { executablePath, openBrowser } from './support.ts'

/** What somebody who has never seen the studio has to get done, and how long each part took, for a person to read. */
describe.skipIf(executablePath === null)('a stranger’s path', { timeout: 240_000 }, () => {
  let service: TestService
  let browser: Browser
  let editor: Member
  beforeAll(async () => {
    service = await createTestService()
    editor = await newMember(service, 'editor')
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function walk(name: string, parts: Record<string, () => Promise<unknown>>): Promise<void> {
    const started = performance.now()
    const seconds: string[] = []
    for (const [part, work] of Object.entries(parts)) {
      const from = performance.now()
      await work()
      seconds.push(`${part} ${((performance.now() - from) / 1_000).toFixed(1)}`)
    }
    const total = ((performance.now() - started) / 1_000).toFixed(1)
    console.log(`A stranger’s path, ${name}: ${total} s (${seconds.join(', ')})`)
  }

  const text = (page: Page) =>
    page.getByRole('region', { name: 'Lesson', exact: true }).getByLabel('Text').first()
  const inForce = () =>
    eventually(async () =>
      JSON.stringify((await newestRevision(service.ctx.db, 'why-scans-miss', 'published'))?.copy),
    )

  for (const size of sizes)
    test(`by ${size.name === 'phone' ? 'touch on a phone' : 'mouse on a desktop'}`, async () => {
      const { page, close } = await openStudio(browser, service, editor, size)
      const sentence = `One sentence, changed on a ${size.name}.`
      await walk(size.name, {
        'find the mail': async () => {
          await page.goto('/studio')
          const burger = page.getByRole('button', { name: 'Open the menu' })
          await page.getByRole('heading', { level: 1 }).waitFor()
          if (await burger.isVisible()) await burger.click()
          await page.getByRole('link', { name: 'Mails', exact: true }).click()
          await page.getByRole('link', { name: /Why scans miss/ }).click()
        },
        'change a sentence': async () => {
          await text(page).fill(sentence)
          await page.getByText(/^Draft saved/).waitFor()
        },
        'see it': async () => {
          const show = page.getByRole('radiogroup', { name: 'Show', exact: true })
          if (await show.isVisible()) await show.getByText('Look', { exact: true }).click()
          await page.frameLocator('iframe[title="Preview of the mail"]').getByText(sentence).waitFor()
        },
        'send a test': async () => {
          const before = service.sandbox.emails().length
          await page.getByRole('button', { name: 'Send a test to me' }).click()
          await eventually(() => service.sandbox.emails().length).toBe(before + 1)
        },
        publish: async () => {
          await page.getByRole('button', { name: 'Publish…' }).click()
          await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click()
          await inForce().toContain(sentence)
        },
      })
      await close()
    })

  test('by keyboard alone', async () => {
    const { page, close } = await openStudio(browser, service, editor, sizes[1])
    const sentence = 'One sentence, changed by keys alone.'
    const press = (key: string) => page.keyboard.press(key)
    await walk('keyboard', {
      'find the mail': async () => {
        await page.goto('/studio')
        await page.getByRole('heading', { level: 1 }).waitFor()
        await tabTo(page, /^Mails$/)
        await press('Enter')
        await page.getByRole('link', { name: /Why scans miss/ }).waitFor()
        await tabTo(page, /Why scans miss/)
        await press('Enter')
        await text(page).waitFor()
      },
      'change a sentence': async () => {
        await tabTo(page, /^Add to Opening$/)
        await tabTo(page, /^Text$/)
        await press('Control+a')
        await page.keyboard.type(sentence)
        await page.getByText(/^Draft saved/).waitFor()
      },
      'see it': () => page.frameLocator('iframe[title="Preview of the mail"]').getByText(sentence).waitFor(),
      'send a test': async () => {
        const before = service.sandbox.emails().length
        await tabTo(page, /^Send a test to me$/)
        await press('Enter')
        await eventually(() => service.sandbox.emails().length).toBe(before + 1)
      },
      publish: async () => {
        await tabTo(page, /^Publish…$/)
        await press('Enter')
        await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).waitFor()
        await tabTo(page, /^Publish$/)
        await press('Enter')
        await inForce().toContain(sentence)
      },
    })
    await close()
  })
})
