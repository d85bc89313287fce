import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alerts, bookings, providerEvents } from '../../drizzle/schema/index.ts'
import { addToken } from '../../src/actions/add-token.ts'
import { failDelivery } from '../../src/store/deliveries.ts'
import { settleEnrollments } from '../../src/store/enrollments.ts'
import { insertReply } from '../../src/store/replies.ts'
import { addTemplateFaults } from '../../src/store/template-faults.ts'
import { createEngine, type Engine } from '../actions/engine.ts'
import { executablePath, expectSound, openBrowser } from '../browser/support.ts'
import { mailsTo, personal, settle } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import { type Member, newMember } from './support.ts'

describe.skipIf(executablePath === null)('the studio in Chromium', { timeout: 240_000 }, () => {
  let service: Engine
  let leadId: string
  let browser: Browser
  let admin: Member
  beforeAll(async () => {
    // No name server is asked: what they say differs from machine to machine.
    service = await createEngine({
      overrides: { senderDns: { txt: async () => null, mx: async () => null } },
    })
    admin = await newMember(service, 'admin')
    await fill()
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  /** Every page with something on it, and what says that it is there. */
  const pages = (): { path: string; heading: string; text?: string }[] => [
    { path: '', heading: 'Overview', text: 'The mail why-scans-miss is paused.' },
    { path: '/sequence', heading: 'Sequence', text: 'Lesson 7' },
    { path: '/mails', heading: 'Mails', text: 'Why scans miss' },
    { path: '/mails/lock-up', heading: 'Lock up', text: 'Publish…' },
    { path: '/leads', heading: 'Leads', text: 'Quintessa Zeller' },
    { path: `/leads/${leadId}`, heading: 'Quintessa Zeller', text: personal.message },
    { path: '/leads/nobody', heading: 'Lead' },
    { path: '/upcoming', heading: 'Upcoming mails', text: 'due in the next 7 days' },
    { path: '/problems/forms', heading: 'Problems', text: 'See what came' },
    { path: '/problems/mails', heading: 'Problems', text: 'no answer for 23 hours' },
    { path: '/problems/replies', heading: 'Problems', text: 'May I call?' },
    { path: '/problems/bookings', heading: 'Problems', text: 'two leads have this phone number' },
    { path: '/problems/events', heading: 'Problems', text: 'calendly' },
    { path: '/problems/service', heading: 'Problems', text: 'Forms of signed were refused' },
    { path: '/problems/bots', heading: 'Problems', text: 'It was a person' },
    { path: '/settings/brand', heading: 'Settings', text: 'Name of the clinic' },
    { path: '/settings/forms', heading: 'Settings', text: 'website' },
    { path: '/settings/sessions', heading: 'Settings', text: 'Chrome on a test' },
    { path: '/settings/people', heading: 'Settings', text: admin.email },
    { path: '/settings/tokens', heading: 'Settings', text: 'Reports' },
    { path: '/settings/audit', heading: 'Settings', text: 'add token' },
    { path: '/nothing', heading: 'Nothing is here' },
  ]

  /** One lead, and one problem of every kind. */
  async function fill(): Promise<void> {
    const { ctx, clock } = service
    const now = clock.now()
    const { email, first_name, last_name, phone, message } = personal
    await submitForm(service, { email, first_name, last_name, phone, message })
    await settle(service)
    leadId = (await service.leads())[0]!.id
    await submitForm(service, { email: 'parked@lead.example', first_name: 'Robin' })
    const delivery = (await service.deliveries()).at(-1)!
    await failDelivery(ctx.db, delivery.id, 'parked', 'no answer for 23 hours')
    await settleEnrollments(ctx.db, [delivery.enrollmentId], 'held', now)
    await service.addSource({ slug: 'odd', name: 'Odd form' })
    await submitForm(service, { contact: 'nobody', who: 'kim@lead.example' }, 'odd')
    // Nothing signs what comes here, so it is refused.
    await service.addSource({ slug: 'signed', adapter: 'typeform', secrets: ['a secret'] })
    await submitForm(service, { email: 'unsigned@lead.example' }, 'signed')
    await submitForm(service, { email: 'bot@lead.example', website: 'https://spam.example' })
    await insertReply(ctx.db, {
      externalId: 'reply',
      leadId,
      deliveryId: null,
      matchedBy: null,
      hintLeadId: null,
      sender: email,
      subject: 'Re: hello',
      text: 'May I call?',
      attachments: 1,
      messageId: null,
      dmarc: null,
      receivedAt: now,
    })
    const booking = { tool: 'calendly', externalId: 'doubtful', status: 'booked' as const, phone }
    const doubt = 'two leads have this phone number'
    await ctx.db
      .insert(bookings)
      .values({ ...booking, doubt, occurredAt: now, bookedAt: now, createdAt: now })
    const event = { provider: 'calendly', eventId: 'odd', body: Buffer.from('{}'), status: 'parked' as const }
    await ctx.db.insert(providerEvents).values({ ...event, reason: 'names no booking', receivedAt: now })
    const alert = { kind: 'fresh-lead', status: 'failed', dueAt: now, createdAt: now } as const
    await ctx.db.insert(alerts).values({ ...alert, nextAttemptAt: now })
    const faults = { revision: 'code', faults: 5, error: 'TypeError', limit: 5 }
    await addTemplateFaults(ctx.db, 'why-scans-miss', faults, now)
    await addToken(ctx, { name: 'Reports', role: 'viewer', actor: 'test' })
  }

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

  for (const width of [320, 1280])
    test.each(['light', 'dark'] as const)(
      `every page is sound at ${width} px in the %s`,
      async (colorScheme) => {
        // Our own policy would keep axe out as well.
        const context = await browser.newContext({
          viewport: { width, height: 800 },
          colorScheme,
          reducedMotion: 'reduce',
          bypassCSP: true,
        })
        const page = await context.newPage()
        const sound = (name: string) => expectSound(page, `studio-${name}-${width}-${colorScheme}`)
        await open(page, '/studio/sign-in', 'Sign in to the studio')
        await sound('sign-in')
        await page.getByLabel('Your email').fill(admin.email)
        await page.getByRole('button', { name: 'Send me a link' }).click()
        await page.getByRole('heading', { name: 'Look at your mail' }).waitFor()
        await sound('sign-in-sent')
        await page.goto(`${service.baseUrl}/studio/sign-in/nothing`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await sound('sign-in-no-link')
        await settle(service)
        await page.goto(
          /https?:\/\/\S+\/sign-in\/[\w-]+/.exec(mailsTo(service, admin.email).at(-1)!.text!)![0],
        )
        await page.getByRole('button', { name: 'Sign in' }).waitFor()
        await sound('sign-in-link')
        await page.getByRole('button', { name: 'Sign in' }).click()
        for (const { path, heading, text } of pages()) {
          await open(page, `/studio${path}`, heading)
          if (text) await page.getByText(text, { exact: false }).filter({ visible: true }).first().waitFor()
          await sound(path.replace(leadId, 'one').slice(1).replaceAll('/', '-') || 'overview')
        }
        await open(page, '/studio', 'Overview')
        if (width === 320) {
          await page.getByRole('button', { name: 'Open the menu' }).click()
          await page.getByRole('link', { name: 'Upcoming mails' }).waitFor()
          await sound('places')
          await page.getByRole('button', { name: 'Close the menu' }).click()
        }
        await page.getByRole('button', { name: 'Account' }).click()
        await page.getByRole('menuitem', { name: 'Queues' }).waitFor()
        await sound('account')
        await open(page, '/studio/settings/people', 'Settings')
        await page.getByRole('button', { name: 'Remove' }).first().click()
        await page.getByRole('dialog').waitFor()
        await sound('dialog')
        await context.close()
      },
    )

  test('every address that the app knows is among the pages that are looked at', async () => {
    const source = (name: string) =>
      readFileSync(new URL(`../../src/studio/${name}`, import.meta.url), 'utf8')
    const found = (name: string, pattern: RegExp) =>
      [...source(name).matchAll(pattern)].map(([, one]) => one!)
    const routes = found('pages.tsx', /path="([^"]+)"/g)
    const tabs = [
      ...found('pages/problems/problems-page.tsx', /key: '(\w+)'/g).map((tab) => `/problems/${tab}`),
      ...found('pages/settings/settings-page.tsx', /<Tabs.Tab value="(\w+)"/g).map(
        (tab) => `/settings/${tab}`,
      ),
    ]
    expect([routes.length, tabs.length]).toEqual([routes.length, 13])
    const seen = pages().map(({ path }) => path || '/')
    const unseen = [...routes, ...tabs].filter((route) => {
      const pattern = new RegExp(`^${route.replace(/\/:\w+\?/g, '(/[^/]+)?').replace(/:\w+/g, '[^/]+')}$`)
      return !seen.some((path) => pattern.test(path))
    })
    expect(unseen).toEqual([])
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
