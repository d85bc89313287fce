import { writeFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, createEngine } from '../actions/engine.ts'
import { openStudio } from '../browser/studio-support.ts'
import { executablePath, openBrowser } from '../browser/support.ts'
import { settle } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import { type Member, newMember } from './support.ts'

/** The folder of the README's pictures, when they are to be made anew: see `npm run studio:screenshots`. */
const folder = process.env.README_PICTURES

describe.skipIf(executablePath === null)('the pictures of the README', { timeout: 240_000 }, () => {
  let service: Engine
  let browser: Browser
  let editor: Member
  beforeAll(async () => {
    service = await createEngine({ events: true })
    editor = await newMember(service, 'editor')
    browser = await openBrowser()
    await submitForm(service, {
      email: 'delivered+pat@resend.dev',
      first_name: 'Pat',
      last_name: 'Moore',
      phone: '+16105550142',
      message: 'Mornings are best.',
    })
    for (let mails = 0; mails < 3; mails++) {
      await settle(service)
      await service.jumpToDue()
    }
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  test.each([
    { name: 'sequence', width: 1080, height: 640, path: () => '/sequence', from: 'Sequence' },
    {
      name: 'lead',
      width: 400,
      height: 640,
      path: async () => `/leads/${(await service.leads())[0]!.id}`,
      from: 'What comes next',
    },
  ])('show the $name, and are small', async ({ name, width, height, path, from }) => {
    const { page, close } = await openStudio(browser, service, editor, { width, height })
    await page.goto(`/studio${await path()}`)
    const heading = page.getByRole('heading', { name: from, exact: true })
    await heading.evaluate((element) => window.scrollTo(0, element.getBoundingClientRect().top - 100))
    await page.waitForLoadState('networkidle')
    const picture = await page.screenshot()
    expect(picture.length).toBeLessThan(100_000)
    if (folder) await writeFile(`${folder}/studio-${name}.png`, picture)
    await close()
  })
})
