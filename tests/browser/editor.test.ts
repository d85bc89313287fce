import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { drafts, templateRevisions } from '../../drizzle/schema/index.ts'
import { templates } from '../../emails/index.ts'
import { newestRevision } from '../../src/store/revisions.ts'
import { type Member, newMember } from '../studio/support.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { eventually, openStudio, sizes } from './studio-support.ts'
import { executablePath, expectSound, openBrowser } from './support.ts'

describe.skipIf(executablePath === null)('the editor in Chromium', { timeout: 240_000 }, () => {
  let service: TestService
  let browser: Browser
  let editor: Member
  beforeAll(async () => {
    service = await createTestService()
    await service.addSource({})
    await submitForm(service, { email: 'ottilie@lead.example', first_name: 'Ottilie', last_name: 'Early' })
    for (let at = 1; at <= 25; at++)
      await submitForm(service, { email: `lead-${at}@lead.example`, first_name: `Lead${at}` })
    editor = await newMember(service, 'editor')
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })
  beforeEach(async () => {
    await service.ctx.db.delete(drafts)
    await service.ctx.db.delete(templateRevisions)
  })

  const first = 'Paragraph 1'
  /** The texts of the lesson as they stand in code, whatever they say. */
  const inCode = templates['lock-up'].defaults.lesson.map((block) => ('text' in block ? block.text : ''))
  const buttonLabel = templates['lock-up'].defaults.step.flatMap((block) =>
    'label' in block ? [block.label] : [],
  )[0]!
  const saved = (page: Page) => page.getByText(/^Draft saved/).waitFor()
  const frame = (page: Page) => page.frameLocator('iframe[title="Preview of the mail"]')
  const look = async (page: Page, name: 'Write' | 'Look') => {
    const control = page.getByRole('radiogroup', { name: 'Show', exact: true })
    if (await control.isVisible()) await control.getByText(name, { exact: true }).click()
  }
  const lesson = (page: Page) => page.getByRole('region', { name: 'Lesson', exact: true })
  const published = async () =>
    (await newestRevision(service.ctx.db, 'lock-up', 'published')) as {
      revision: number
      copy: { lesson: { text?: string; title?: string; type: string }[] }
    } | null

  for (const size of sizes)
    describe(size.name, () => {
      const open = async (who: Member = editor) => {
        const studio = await openStudio(browser, service, who, size)
        await studio.page.goto('/studio/mails/lock-up')
        await lesson(studio.page).waitFor()
        return studio
      }

      test('a sentence is changed, seen, compared, published, and taken back', async () => {
        const { page, blocked, close } = await open()
        const text = lesson(page).getByLabel('Text').first()
        await text.fill('A back can lock in the middle of a **quiet** day.')
        await saved(page)
        await look(page, 'Look')
        await frame(page).getByText('A back can lock in the middle of a quiet day.').waitFor()
        await page.getByRole('button', { name: 'Publish…' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByText('+ A back can lock in the middle of a **quiet** day.').waitFor()
        await dialog.getByText(inCode[0]!, { exact: false }).first().waitFor()
        await dialog.getByLabel('Why, for those who come later').fill('calmer')
        await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
        await page.getByText('Revision 1 is in force', { exact: false }).waitFor()
        await page.getByText('No changes yet.').waitFor()
        expect((await published())?.copy.lesson[0]?.text).toBe(
          'A back can lock in the middle of a **quiet** day.',
        )
        await look(page, 'Look')
        await page.getByRole('tab', { name: 'History' }).click()
        await page.getByText(`${editor.email}`, { exact: false }).first().waitFor()
        await page.getByRole('button', { name: 'Look at The words it came with' }).click()
        await page.getByRole('button', { name: 'Put it in force again' }).click()
        await page.getByText('is in force again', { exact: false }).waitFor()
        expect(await published()).toBeNull()
        expect(blocked).toEqual([])
        await close()
      })

      test('blocks are added, moved by keys, and taken out', async () => {
        const { page, close } = await open()
        const before = await lesson(page).getByRole('heading', { level: 3 }).allTextContents()
        await lesson(page)
          .getByRole('button', { name: `Move ${first} down` })
          .focus()
        await page.keyboard.press('Enter')
        await lesson(page).getByText(`${first} is now number 2 of ${before.length}.`).waitFor()
        // The focus goes with it, so that it can be moved on.
        await page.keyboard.press('Enter')
        await lesson(page).getByText('Paragraph 2 is now number 3', { exact: false }).waitFor()
        expect(await lesson(page).getByLabel('Text').first().inputValue()).toBe(inCode[1])
        await lesson(page).getByRole('button', { name: 'Add to Lesson' }).click()
        await page.getByRole('menuitem', { name: 'Paragraph' }).click()
        await page.keyboard.type('Written without a mouse.')
        await page.keyboard.press('Control+a')
        await page.keyboard.press('Control+b')
        await saved(page)
        const last = lesson(page).getByRole('listitem').last()
        expect(await last.getByRole('textbox').inputValue()).toBe('**Written without a mouse.**')
        await lesson(page)
          .getByRole('button', { name: `Take out ${first}` })
          .click()
        await lesson(page).getByText(`${first} is taken out.`).waitFor()
        await eventually(async () => (await service.ctx.db.select().from(drafts))[0]?.content).toMatchObject({
          lesson: { length: before.length },
        })
        const [draft] = await service.ctx.db.select().from(drafts)
        const { lesson: stored } = draft!.content as { lesson: { text?: string }[] }
        expect(stored[0]?.text ?? '').not.toBe(inCode[1])
        expect(stored.at(-1)?.text).toBe('**Written without a mouse.**')
        await close()
      })

      test('a block goes on into the part before and comes back, by keys, with the focus on it', async () => {
        const { page, close } = await open()
        const opening = page.getByRole('region', { name: 'Opening', exact: true })
        const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
        const counts = async () => [
          await opening.getByRole('listitem').count(),
          await lesson(page).getByRole('listitem').count(),
        ]
        const [before, after] = (await counts()) as [number, number]
        await lesson(page)
          .getByRole('button', { name: `Move ${first} up to Opening` })
          .focus()
        await page.keyboard.press('Enter')
        await opening
          .getByRole('status')
          .getByText(`${first} of Lesson is now in Opening, number ${before + 1} of ${before + 1}.`)
          .waitFor()
        expect(await counts()).toEqual([before + 1, after - 1])
        await eventually(focused).toBe(`Move Paragraph ${before + 1} up`)
        expect(await opening.getByLabel('Text').last().inputValue()).toBe(inCode[0])
        // On with the same key, and back over the border again.
        await page.keyboard.press('Enter')
        await eventually(focused).toBe(`Move Paragraph ${before} up`)
        await page.keyboard.press('Tab')
        await page.keyboard.press('Enter')
        await eventually(focused).toBe(`Move Paragraph ${before + 1} down to Lesson`)
        await page.keyboard.press('Enter')
        await lesson(page)
          .getByText(`Paragraph ${before + 1} of Opening is now in Lesson, number 1 of ${after}.`)
          .waitFor()
        await eventually(focused).toBe(`Move ${first} down`)
        expect(await counts()).toEqual([before, after])
        // The last of a mail goes no further, and neither does the first.
        const step = page.getByRole('region', { name: 'The one clear step' })
        expect(await step.getByRole('button', { name: /down$/ }).last().isDisabled()).toBe(true)
        expect(await opening.getByRole('button', { name: /up$/ }).first().isDisabled()).toBe(true)
        await step.getByRole('button', { name: /^Move Paragraph 1 up to Lesson$/ }).click()
        await saved(page)
        await eventually(async () => (await service.ctx.db.select().from(drafts))[0]?.content).toMatchObject({
          opening: { length: before },
          lesson: { length: after + 1 },
        })
        await lesson(page)
          .getByRole('button', { name: /^Move Paragraph \d+ down to The one clear step$/ })
          .click()
        await step.getByText('is now in The one clear step, number 1 of', { exact: false }).waitFor()
        // The step keeps its button: what takes it out is refused, as when it is deleted.
        const buttons = step.getByRole('button', { name: /^Move Button \d up/ })
        while ((await buttons.count()) > 0) await buttons.first().click()
        await step.getByText('has no button to the booking page', { exact: false }).waitFor()
        await close()
      })

      test('a mail is looked at as a phone, a desktop and a reader of text get it, dark and without images', async () => {
        const { page, close } = await open()
        await look(page, 'Look')
        const body = frame(page).locator('body')
        const colour = () => body.evaluate((element) => getComputedStyle(element).backgroundColor)
        const width = () =>
          page.locator('iframe[title="Preview of the mail"]').evaluate((one) => one.clientWidth)
        await frame(page).getByText('Hi Pat,').waitFor()
        const light = await colour()
        expect(await width()).toBeLessThanOrEqual(375)
        await page.getByLabel('Dark').check()
        await eventually(colour).not.toBe(light)
        await page.getByLabel('Dark').uncheck()
        await page.getByText('Desktop', { exact: true }).click()
        if (size.name === 'desktop') await eventually(width).toBeGreaterThan(375)
        await page.getByLabel('Images off').check()
        await frame(page).getByText('Hi Pat,').waitFor()
        await page.getByRole('combobox', { name: 'Through the eyes of' }).click()
        await page.getByRole('option', { name: 'A lead without a name' }).click()
        await frame(page).getByText('Hi there,').waitFor()
        await page.getByLabel('Subject', { exact: true }).last().selectOption('yes')
        await page
          .getByRole('region', { name: 'As the inbox lists it' })
          .getByText(templates['lock-up'].defaults.topicalSubject)
          .waitFor()
        await page.getByText('Plain text', { exact: true }).click()
        await page
          .getByRole('region', { name: 'Plain text' })
          .getByText('Hi there,', { exact: false })
          .waitFor()
        await close()
      })

      test('any lead is found by typing, and the mail is seen through their eyes, without a mouse', async () => {
        const { page, close } = await open()
        await look(page, 'Look')
        await frame(page).getByText('Hi Pat,').waitFor()
        const picker = page.getByRole('combobox', { name: 'Through the eyes of' })
        await picker.focus()
        await page.getByRole('option', { name: 'Lead25' }).waitFor()
        // Many came since, so that it is not among the newest.
        expect(await page.getByRole('option', { name: 'Ottilie' }).count()).toBe(0)
        await page.keyboard.type('ott')
        await page.getByText('1 lead found.').waitFor()
        await page.keyboard.press('ArrowDown')
        await eventually(() => picker.getAttribute('aria-activedescendant')).toBeTruthy()
        await page.keyboard.press('Enter')
        await frame(page).getByText('Hi Ottilie,').waitFor()
        expect(await picker.inputValue()).toBe('Ottilie Early, ottilie@lead.example')
        await picker.fill('nobody like this')
        await page.getByText('Nobody matches', { exact: false }).waitFor()
        await page.keyboard.press('Tab')
        await eventually(() => picker.inputValue()).toBe('Ottilie Early, ottilie@lead.example')
        await picker.fill('ottilie@')
        await page.getByText('1 lead found.').waitFor()
        await picker.fill('')
        await page.getByRole('option', { name: 'A sample lead, Pat' }).click()
        await frame(page).getByText('Hi Pat,').waitFor()
        const viewer = await open(await newMember(service, 'viewer'))
        await look(viewer.page, 'Look')
        await viewer.page.getByRole('combobox', { name: 'Through the eyes of' }).click()
        await viewer.page.getByRole('option', { name: 'Lead25', exact: true }).click()
        await frame(viewer.page).getByText('Hi Lead25,').waitFor()
        await viewer.close()
        await close()
      })

      test('nothing in the preview runs, and nothing leads out of it', async () => {
        const { page, close } = await open()
        await look(page, 'Look')
        await frame(page).getByText('Hi Pat,').waitFor()
        const element = page.locator('iframe[title="Preview of the mail"]')
        expect(await element.getAttribute('sandbox')).toBe('')
        expect(await frame(page).locator('a[href]').count()).toBe(0)
        const button = frame(page).getByText(buttonLabel)
        await button.click()
        await frame(page).getByText('Hi Pat,').waitFor()
        expect(page.url()).toContain('/studio/mails/lock-up')
        await close()
      })

      test('what is wrong is said beside the text and keeps it from being published, until it is mended', async () => {
        const { page, close } = await open()
        const subject = page.getByLabel('Subject', { exact: true }).first()
        await subject.fill('')
        await page.locator('[data-field="subject"]').getByText('Mend: is empty', { exact: false }).waitFor()
        await page.getByText('1 to mend').waitFor()
        await look(page, 'Look')
        await page.getByRole('tab', { name: /^Checks/ }).click()
        await page.getByRole('button', { name: 'Subject' }).waitFor()
        await page.getByRole('button', { name: 'Publish…' }).click()
        expect(
          await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).isDisabled(),
        ).toBe(true)
        await page.keyboard.press('Escape')
        await look(page, 'Write')
        await subject.fill('Your back pain and you')
        await page
          .locator('[data-field="subject"]')
          .getByText('ties a condition to the reader', { exact: false })
          .waitFor()
        await subject.fill('A calm start')
        await eventually(() => page.getByText(/to mend$/).count()).toBe(0)
        await lesson(page).getByLabel('Text').first().fill('Nothing of the sort.')
        await saved(page)
        await look(page, 'Look')
        await page.getByRole('tab', { name: 'Article' }).click()
        await page.getByText('Not found any more', { exact: false }).first().waitFor()
        await close()
      })

      test('a test mail arrives in the sandbox', async () => {
        const { page, close } = await open()
        await page.getByLabel('Subject', { exact: true }).first().fill(`A test from a ${size.name}`)
        await saved(page)
        await look(page, 'Look')
        await expect
          .poll(
            async () => {
              await page.getByRole('button', { name: 'Send a test to me' }).click()
              return service.sandbox.emails().map(({ subject }) => subject)
            },
            { interval: 2_500, timeout: 20_000 },
          )
          .toContain(`[Test] A test from a ${size.name}`)
        await close()
      })

      test('a draft is there again after the tab was closed', async () => {
        const one = await open()
        await one.page.getByLabel('Subject', { exact: true }).first().fill('Typed and gone')
        await one.page.close({ runBeforeUnload: true })
        const again = await one.page.context().newPage()
        await eventually(async () => (await service.ctx.db.select().from(drafts)).length).toBe(1)
        await again.goto('/studio/mails/lock-up')
        await eventually(() => again.getByLabel('Subject', { exact: true }).first().inputValue()).toBe(
          'Typed and gone',
        )
        await one.close()
      })

      test('two who write at once: the slower one sees both texts, who and when, and chooses', async () => {
        const ben = await newMember(service, 'editor')
        const [ada, other] = [await open(), await open(ben)]
        const subjectOf = (page: Page) => page.getByLabel('Subject', { exact: true }).first()
        await subjectOf(ada.page).fill('By Ada')
        await saved(ada.page)
        await subjectOf(other.page).fill('By Ben')
        const dialog = other.page.getByRole('dialog')
        await dialog.getByText(editor.email, { exact: false }).waitFor()
        await dialog.getByText('− Subject: By Ada').waitFor()
        await dialog.getByText('+ Subject: By Ben').waitFor()
        await dialog.getByRole('button', { name: 'Put mine in its place' }).click()
        await other.page.getByText(`by ${ben.email}`, { exact: false }).waitFor()
        await subjectOf(ada.page).fill('By Ada again')
        const hers = ada.page.getByRole('dialog')
        await hers.getByText(ben.email, { exact: false }).waitFor()
        await hers.getByRole('button', { name: 'Take theirs' }).click()
        await eventually(() => subjectOf(ada.page).inputValue()).toBe('By Ben')
        const [draft] = await service.ctx.db.select().from(drafts)
        expect(draft).toMatchObject({ author: `studio: ${ben.email}`, content: { subject: 'By Ben' } })
        await ada.close()
        await other.close()
      })

      test('who only looks finds no way to change anything', async () => {
        const { page, close } = await open(await newMember(service, 'viewer'))
        expect(await page.getByRole('button', { name: /Publish|Throw|Move|Take|Add to|Bold/ }).count()).toBe(
          0,
        )
        expect(await page.getByLabel('Subject', { exact: true }).first().isEditable()).toBe(false)
        await close()
      })
    })

  test('blocks are moved by dragging', async () => {
    // High enough for all parts: what is dragged would have to wait for the page to scroll.
    const { page, close } = await openStudio(browser, service, editor, { width: 1280, height: 3_200 })
    await page.goto('/studio/mails/lock-up')
    const items = lesson(page).getByRole('listitem')
    await items
      .nth(0)
      .getByTitle('Drag to another place')
      .dragTo(items.nth(1).getByText('Paragraph 2', { exact: true }))
    await lesson(page).getByText('Paragraph 1 is now number 2', { exact: false }).waitFor()
    await saved(page)
    const [draft] = await service.ctx.db.select().from(drafts)
    expect((draft!.content as { lesson: { text: string }[] }).lesson[1]?.text).toBe(inCode[0])
    // And from one part into another.
    const opening = page.getByRole('region', { name: 'Opening', exact: true })
    await items
      .nth(1)
      .getByTitle('Drag to another place')
      .dragTo(opening.getByText('Paragraph 1', { exact: true }))
    await opening.getByText('Paragraph 2 of Lesson is now in Opening, number 1', { exact: false }).waitFor()
    expect(await opening.getByLabel('Text').first().inputValue()).toBe(inCode[0])
    await close()
  })

  test('every page of it is sound at every width, in light and dark', async () => {
    for (const size of sizes)
      for (const colorScheme of ['light', 'dark'] as const) {
        const studio = await openStudio(browser, service, editor, { ...size, colorScheme, bypassCSP: true })
        const { page } = studio
        const name = (what: string) => `${what}-${size.name}-${colorScheme}`
        await page.goto('/studio/mails')
        await page.getByRole('heading', { name: 'Lesson 1: Lock up' }).waitFor()
        await expectSound(page, name('mails'))
        await page.goto('/studio/mails/lock-up')
        await page.getByLabel('Subject', { exact: true }).first().fill(`Your back pain, ${colorScheme}`)
        await saved(page)
        await expectSound(page, name('editor'))
        await lesson(page).getByRole('button', { name: 'Add to Lesson' }).click()
        await page.getByRole('menuitem', { name: 'Paragraph' }).waitFor()
        await expectSound(page, name('editor-add'))
        await page.keyboard.press('Escape')
        await look(page, 'Look')
        await frame(page).getByText('Hi Pat,').waitFor()
        await expectSound(page, name('look'))
        const picker = page.getByRole('combobox', { name: 'Through the eyes of' })
        await picker.fill('lead')
        await page.getByRole('option', { name: 'Lead25' }).waitFor()
        await page.getByText('leads found.', { exact: false }).waitFor()
        await expectSound(page, name('look-reader'))
        await picker.press('Escape')
        for (const tab of [/^Checks/, /^Article/, /^History/]) {
          await page.getByRole('tab', { name: tab }).click()
          await expectSound(page, name(`tab-${tab.source.slice(1).toLowerCase()}`))
        }
        await page.getByRole('button', { name: 'Publish…' }).click()
        await page.getByRole('dialog').getByText('What is sealed already', { exact: false }).waitFor()
        await expectSound(page, name('publish'))
        await studio.close()
        await service.ctx.db.delete(drafts)
      }
  })
})
