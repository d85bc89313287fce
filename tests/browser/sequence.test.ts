import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditLog } from '../../drizzle/schema/index.ts'
import { templates } from '../../emails/index.ts'
import { findPause } from '../../src/store/settings.ts'
import { findTimings } from '../../src/store/step-timings.ts'
import { findStepsOff } from '../../src/store/switched-steps.ts'
import { type Member, newMember } from '../studio/support.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { eventually, openStudio, sizes } from './studio-support.ts'
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
    browser = await openBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  const step = (page: Page, key: string) => page.locator(`[data-step="${key}"]`)
  const steps = 7
  const { title } = templates['lock-up'].defaults

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

      test.each(['light', 'dark'] as const)('the page is sound in the %s', async (colorScheme) => {
        const studio = await openStudio(browser, service, editor, { ...size, colorScheme, bypassCSP: true })
        const { page } = studio
        await page.goto('/studio/sequence')
        await step(page, 'lesson-7').waitFor()
        await page.frameLocator('[data-step="lesson-1"] iframe').getByText(title).waitFor()
        await expectSound(page, `sequence-${size.name}-${colorScheme}`)
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
