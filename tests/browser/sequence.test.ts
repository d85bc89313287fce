import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditLog } from '../../drizzle/schema/index.ts'
import { templates } from '../../emails/index.ts'
import { pause } from '../../src/actions/pause.ts'
import { publishCopy } from '../../src/actions/publish-copy.ts'
import { publishTimingDraft } from '../../src/actions/publish-timing.ts'
import { saveCopy } from '../../src/actions/save-copy.ts'
import { saveTimingDraft } from '../../src/actions/timing-draft.ts'
import type { Timings } from '../../src/core/sequence.ts'
import { findPause } from '../../src/store/pause.ts'
import { findTimings, publishTimings } from '../../src/store/step-timings.ts'
import { findStepsOff } from '../../src/store/switched-steps.ts'
import { type Member, newMember } from '../studio/support.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { eventually, openStudio, sizes, tabTo } from './studio-support.ts'
import { executablePath, expectSound, openBrowser } from './support.ts'

describe.skipIf(executablePath === null)('the sequence in Chromium', { timeout: 240_000 }, () => {
  let service: TestService
  let browser: Browser
  let editor: Member
  beforeAll(async () => {
    service = await createTestService()
    await service.addSource({})
    editor = await newMember(service, 'editor')
    await submitForm(service, { email: 'one@lead.example' })
    // Somebody once wrote a number that counts by itself no more.
    const template = 'four-patterns'
    const copy = { ...templates[template].defaults, eyebrow: 'Part 3 of 7' }
    const { draft } = await saveCopy(service.ctx, { template, copy, basedOn: 0, note: null, actor: 'test' })
    await publishCopy(service.ctx, { template, revision: draft.revision, actor: 'test' })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  const step = (page: Page, key: string) => page.locator(`[data-step="${key}"]`)
  const steps = 7
  const { title } = templates['lock-up'].defaults

  const inForce = () => findTimings(service.ctx.db, 'back-spasms')
  /** Somebody else publishes times. */
  const publishTimes = async (timings: Timings) => {
    const input = { sequence: 'back-spasms', actor: 'studio: jo@clinic.example' }
    const base = (await inForce())?.revision ?? 0
    const { version } = await saveTimingDraft(service.ctx, { ...input, timings, over: null, base })
    await publishTimingDraft(service.ctx, { ...input, version })
  }
  const weekdays = { days: [1, 2, 3, 4, 5], from: '08:00', to: '19:00' } as const

  for (const size of sizes)
    describe(size.name, () => {
      const open = async (who: Member = editor) => {
        const studio = await openStudio(browser, service, who, size)
        await studio.page.goto('/studio/sequence')
        await step(studio.page, 'lesson-7').waitFor()
        return studio
      }

      test('the timeline shows each mail, who waits for it and when it goes', async () => {
        const { page, blocked, close } = await open()
        expect(await page.locator('[data-step]').count()).toBe(steps)
        await step(page, 'lesson-1').getByText('At once, at any hour').waitFor()
        expect(await step(page, 'lesson-1').innerText()).toMatch(/1\s+waiting/)
        const thumbnail = page.frameLocator('[data-step="lesson-1"] iframe')
        await thumbnail.getByText(title).waitFor()
        const sandbox = await step(page, 'lesson-1').locator('iframe').getAttribute('sandbox')
        expect(sandbox).toBe('')
        expect(blocked).toEqual([])
        await close()
      })

      test('a step is switched off and on for new leads', async () => {
        const { page, close } = await open()
        const toggle = page.getByRole('switch', { name: 'Lesson 4 is on' })
        await toggle.focus()
        await page.keyboard.press('Space')
        await page.getByText('Lesson 4 is off for new leads', { exact: false }).waitFor()
        await page.getByText('These mails say a number that is wrong now').waitFor()
        await page.getByText('Four patterns', { exact: true }).waitFor()
        expect(await findStepsOff(service.ctx.db, 'back-spasms')).toEqual(['lesson-4'])
        await page
          .getByRole('region', { name: 'Example' })
          .getByText('Lesson 4')
          .waitFor({ state: 'detached' })
        await toggle.focus()
        await page.keyboard.press('Space')
        await page.getByText('Lesson 4 is on for new leads', { exact: false }).waitFor()
        expect(await findStepsOff(service.ctx.db, 'back-spasms')).toEqual([])
        expect(await page.getByRole('switch', { name: 'Lesson 1 is on' }).isDisabled()).toBe(true)
        await close()
      })

      test('a delay is changed as a draft, seen in the example, and published', async () => {
        const { page, close } = await open()
        const example = page.getByRole('region', { name: 'Example' })
        const second = example.getByRole('listitem').nth(1)
        // A Wednesday in March.
        await second.getByText('Thu, Mar 5', { exact: false }).waitFor()
        await page.getByRole('button', { name: 'Change delays and windows' }).click()
        const fields = page.getByRole('group', { name: 'Times of Lesson 2' })
        await fields.getByLabel('Days after the mail before').fill('5')
        await second.getByText('Mon, Mar 9', { exact: false }).waitFor()
        await fields.getByLabel('Until').fill('07:00')
        await fields.getByText('Mend: is open for less than an hour', { exact: false }).waitFor()
        expect(await page.getByRole('button', { name: 'Publish these times' }).isDisabled()).toBe(true)
        await fields.getByLabel('Until').fill('18:00')
        await fields.getByLabel('Sat').check()
        await fields.getByText('Look: holds a day on which the clinic is closed', { exact: false }).waitFor()
        expect((await findTimings(service.ctx.db, 'back-spasms'))?.steps['lesson-2']?.delayDays).not.toBe(5)
        await page.getByRole('button', { name: 'Publish these times' }).click()
        await page.getByText('Published: leads who come from now on', { exact: false }).waitFor()
        expect((await findTimings(service.ctx.db, 'back-spasms'))?.steps).toEqual({
          'lesson-2': { delayDays: 5, window: { days: [1, 2, 3, 4, 5, 6], from: '08:00', to: '18:00' } },
        })
        await step(page, 'lesson-2').getByText('5 days after the mail before', { exact: false }).waitFor()
        // Back, so that the other width begins as this one did.
        await page.getByRole('button', { name: 'Change delays and windows' }).click()
        await fields.getByLabel('Days after the mail before').fill('1')
        await fields.getByLabel('Until').fill('19:00')
        await fields.getByLabel('Sat').uncheck()
        await page.getByText(/^Draft saved/).waitFor()
        await page.getByRole('button', { name: 'Publish these times' }).click()
        await eventually(async () => (await findTimings(service.ctx.db, 'back-spasms'))?.steps).toEqual({})
        await close()
      })

      test('earlier times are looked at and put in force again, without a mouse', async () => {
        await publishTimes({ 'lesson-3': { delayDays: 8, window: weekdays } })
        await publishTimes({})
        const { page, blocked, close } = await open()
        await tabTo(page, /^Times published before$/)
        await page.keyboard.press('Enter')
        const times = page.getByRole('list', { name: 'Times', exact: true }).getByRole('listitem')
        await times.nth(1).getByText('Lesson 3: 8 days after the mail before', { exact: false }).waitFor()
        await times.nth(1).getByText('jo@clinic.example', { exact: false }).waitFor()
        await times.nth(0).getByText('In force').waitFor()
        await tabTo(page, /^Look at times number/)
        await page.keyboard.press('Enter')
        const dialog = page.getByRole('dialog')
        await dialog.getByText('− Lesson 3: 2 days', { exact: false }).waitFor()
        await dialog.getByText('+ Lesson 3: 8 days', { exact: false }).waitFor()
        await dialog.getByLabel('Why, for those who come later').fill('the longer rest went better')
        await tabTo(page, /^Put them in force again$/)
        await page.keyboard.press('Enter')
        await page.getByText('are in force again, for leads who come from now on', { exact: false }).waitFor()
        await step(page, 'lesson-3').getByText('8 days after the mail before', { exact: false }).waitFor()
        await times.nth(0).getByText('the longer rest went better', { exact: false }).waitFor()
        await times.nth(0).getByText('Went back to times number', { exact: false }).waitFor()
        expect((await inForce())?.steps['lesson-3']?.delayDays).toBe(8)
        await dialog.waitFor({ state: 'detached' })
        // The focus is where it was.
        await eventually(() =>
          page.evaluate(() => document.activeElement?.getAttribute('aria-label')),
        ).toMatch(/^Look at times number/)
        expect(blocked).toEqual([])
        // As it came, so that the other width begins as this one did.
        await publishTimes({})
        await close()
      })

      test('who goes back while somebody publishes is told, and sees what is in force', async () => {
        await publishTimes({ 'lesson-4': { delayDays: 5, window: weekdays } })
        const { page, close } = await open()
        await page.getByRole('button', { name: 'Times published before' }).click()
        await page.getByRole('button', { name: 'Look at the times it came with' }).click()
        await publishTimes({ 'lesson-4': { delayDays: 7, window: weekdays } })
        await page.getByRole('button', { name: 'Put them in force again' }).click()
        await page
          .getByRole('alert')
          .getByText('jo@clinic.example published other times', { exact: false })
          .waitFor()
        await step(page, 'lesson-4').getByText('7 days after the mail before', { exact: false }).waitFor()
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await page.getByRole('button', { name: 'Look at the times it came with' }).click()
        await page.getByRole('button', { name: 'Put them in force again' }).click()
        await eventually(async () => (await inForce())?.steps).toEqual({})
        await close()
        const viewer = await open(await newMember(service, 'viewer'))
        await viewer.page.getByRole('button', { name: 'Times published before' }).click()
        await viewer.page
          .getByRole('button', { name: /^Look at times number/ })
          .first()
          .click()
        await viewer.page.getByRole('dialog').waitFor()
        expect(await viewer.page.getByRole('button', { name: 'Put them in force again' }).count()).toBe(0)
        await viewer.close()
      })

      test('a draft that others published over says so, and is published in their place by who has seen it', async () => {
        const { page, close } = await open()
        await page.getByRole('button', { name: 'Change delays and windows' }).click()
        const fields = page.getByRole('group', { name: 'Times of Lesson 6' })
        await fields.getByLabel('Days after the mail before').fill('4')
        await page.getByText(/^Draft saved/).waitFor()
        // Somebody puts others in force while the draft lies there.
        const over = (await inForce())?.revision ?? 0
        const others = { 'lesson-7': { delayDays: 3, window: weekdays } }
        const author = 'studio: jo@clinic.example'
        const now = service.ctx.clock.now()
        const published = publishTimings(service.ctx.db, 'back-spasms', { over, steps: others, author }, now)
        expect(await published).toBe(true)
        await page.reload()
        await page.getByText('Other times were published since this draft began').waitFor()
        await page.getByText('jo@clinic.example, ', { exact: false }).first().waitFor()
        await page.getByRole('button', { name: 'Publish these times' }).click()
        await page.getByText('Published: leads who come from now on', { exact: false }).waitFor()
        expect(Object.keys((await inForce())?.steps ?? {})).toContain('lesson-6')
        await publishTimes({})
        await close()
      })

      test('all mail is paused with a reason, which everybody sees, and resumed', async () => {
        const { page, close } = await open()
        await page.getByRole('button', { name: 'Pause all mail' }).click()
        await page.getByLabel('Why?').fill(`the phone is down at the ${size.name}`)
        await page.keyboard.press('Enter')
        await page.getByText(`“the phone is down at the ${size.name}”`, { exact: false }).waitFor()
        expect(await findPause(service.ctx.db)).not.toBeNull()
        const other = await open(await newMember(service, 'viewer'))
        await other.page.getByText(editor.email, { exact: false }).first().waitFor()
        expect(await other.page.getByRole('button', { name: /Resume|Pause|Change/ }).count()).toBe(0)
        await other.close()
        await page.getByRole('button', { name: 'Resume all mail' }).click()
        await page.getByRole('button', { name: 'Pause all mail' }).waitFor()
        expect(await findPause(service.ctx.db)).toBeNull()
        const log = await service.ctx.db.select().from(auditLog)
        expect(log.filter(({ action }) => action === 'pause').at(-1)).toMatchObject({
          actor: expect.stringContaining(editor.email) as string,
          detail: { reason: `the phone is down at the ${size.name}` },
        })
        await close()
      })

      test('a pause that would end by itself is kept by somebody, for a reason of theirs', async () => {
        const until = new Date(Date.now() + 3_600_000).toISOString()
        await pause(service.ctx, { reason: 'daily_quota_exceeded', until })
        const studio = await openStudio(browser, service, editor, { ...size, bypassCSP: true })
        const { page } = studio
        await page.goto('/studio/sequence')
        await page.getByText('It goes on by itself', { exact: false }).waitFor()
        await expectSound(page, `sequence-paused-${size.name}`)
        await page.getByRole('button', { name: 'Keep it paused' }).click()
        await page.getByLabel('Why?').fill(`closed on ${size.name}`)
        await page.keyboard.press('Enter')
        await page.getByText(`“closed on ${size.name}”`, { exact: false }).waitFor()
        expect(await page.getByRole('button', { name: 'Keep it paused' }).count()).toBe(0)
        expect(await findPause(service.ctx.db)).toMatchObject({ until: null })
        await page.getByRole('button', { name: 'Resume all mail' }).click()
        await page.getByRole('button', { name: 'Pause all mail' }).waitFor()
        await studio.close()
      })

      test.each(['light', 'dark'] as const)('the page is sound in the %s', async (colorScheme) => {
        const studio = await openStudio(browser, service, editor, { ...size, colorScheme, bypassCSP: true })
        const { page } = studio
        await page.goto('/studio/sequence')
        await step(page, 'lesson-7').waitFor()
        await page.frameLocator('[data-step="lesson-1"] iframe').getByText(title).waitFor()
        await expectSound(page, `sequence-${size.name}-${colorScheme}`)
        await page.getByRole('button', { name: 'Times published before' }).click()
        await page.getByRole('button', { name: 'Look at times number 1', exact: true }).waitFor()
        await expectSound(page, `sequence-history-${size.name}-${colorScheme}`)
        await page
          .getByRole('button', { name: /^Look at times number/ })
          .first()
          .click()
        await page.getByRole('dialog').waitFor()
        await expectSound(page, `sequence-history-look-${size.name}-${colorScheme}`)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await page.getByRole('button', { name: 'Times published before' }).click()
        await page.getByRole('button', { name: 'Change delays and windows' }).click()
        await page.getByRole('group', { name: 'Times of Lesson 2' }).waitFor()
        await expectSound(page, `sequence-times-${size.name}-${colorScheme}`)
        await page.getByRole('button', { name: 'Leave them as they are' }).click()
        await page.getByRole('button', { name: 'Pause all mail' }).click()
        await page.getByLabel('Why?').waitFor()
        await expectSound(page, `sequence-pause-${size.name}-${colorScheme}`)
        await studio.close()
      })
    })
})
