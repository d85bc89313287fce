import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eq, sql } from 'drizzle-orm'
import { alerts, bookings } from '../../drizzle/schema/index.ts'
import { settleEnrollments } from '../../src/store/enrollments.ts'
import { failDelivery } from '../../src/store/deliveries.ts'
import { addTemplateFaults } from '../../src/store/template-faults.ts'
import type { Role } from '../../src/core/user.ts'
import { createEngine, type Engine } from '../actions/engine.ts'
import { newMember } from '../studio/support.ts'
import { submitForm } from '../support/forms.ts'
import { openStudio, sizes, tabTo } from './studio-support.ts'
import { everywhere, executablePath, expectSound, openBrowser } from './support.ts'

let engine: Engine
let browser: Browser

beforeAll(async () => {
  if (!executablePath) return
  browser = await openBrowser()
  engine = await createEngine()
})
afterAll(async () => {
  await browser?.close()
  await engine?.stop()
})

let number = 0
/** A lead of its own for each run, so that each finds things as they were. */
async function newLead(fields: Record<string, string> = {}) {
  const last = `Zeller${String.fromCharCode(97 + (number % 26))}${++number}`
  const email = `${last.toLowerCase()}@lead.example`
  await submitForm(engine, {
    email,
    first_name: 'Quinn',
    last_name: last,
    phone: `+1610555${String(1000 + number).slice(-4)}`,
    message: 'It locked up on Tuesday.',
    ...fields,
  })
  const { rows } = await engine.ctx.db.execute<{ id: string }>(
    sql`select id from leads where email = ${email}`,
  )
  return { id: rows[0]!.id, email, last, name: `Quinn ${last}` }
}

async function go(page: Page, role: Role, path: string): Promise<void> {
  const member = await newMember(engine, role)
  const [name, value] = member.cookie.split('=')
  await page.context().addCookies([{ name: name!, value: value!, url: engine.baseUrl }])
  await page.goto(`${engine.baseUrl}/studio${path}`)
}

/** Opens a dialog by its button, and answers with another one. */
async function confirm(page: Page, button: string, yes: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: yes, exact: true }).click()
}
const said = (page: Page, text: string) => page.getByRole('alert').filter({ hasText: text }).first().waitFor()
const statusOf = async (id: string) => {
  const { rows } = await engine.ctx.db.execute<{
    status: string
    stop_reason: string | null
    time_zone: string
  }>(
    sql`select e.status, e.stop_reason, l.time_zone from enrollments e join leads l on l.id = e.lead_id
      where l.id = ${id} order by e.started_at desc limit 1`,
  )
  return rows[0]!
}

/** Each job is done, and each page judged, at three widths in light and dark. */
const timeout = 300_000

describe.skipIf(!executablePath)('leads', { timeout }, () => {
  test('one is found as its name is typed, seen with its mails, stopped, resumed and moved to another zone', async () => {
    await everywhere(browser, async (page, suffix) => {
      const lead = await newLead()
      await engine.beat()
      await go(page, 'editor', '/leads')
      await page.getByLabel('Search').fill(lead.last.slice(0, -1))
      await page.getByRole('link', { name: lead.name }).waitFor()
      await expectSound(page, `leads-${suffix}`)
      expect(page.url()).not.toContain(lead.last)
      await page.getByRole('link', { name: lead.name }).click()
      await page.getByRole('heading', { name: lead.name }).waitFor()
      await page.getByText('It locked up on Tuesday.').waitFor()
      await expectSound(page, `lead-${suffix}`)

      await page.getByRole('button', { name: 'See the mail lesson-1' }).click()
      await page.getByText('Word for word').waitFor()
      await page.frameLocator('iframe').getByText('Quinn').first().waitFor()
      await expectSound(page, `lead-mail-${suffix}`)
      await page.keyboard.press('Escape')

      await confirm(page, 'Stop the mails', 'Stop')
      await page.getByRole('button', { name: 'Resume', exact: true }).waitFor()
      expect(await statusOf(lead.id)).toMatchObject({ status: 'stopped', stop_reason: 'staff' })
      await confirm(page, 'Resume', 'Resume')
      await page.getByRole('button', { name: 'Stop the mails' }).waitFor()
      expect(await statusOf(lead.id)).toMatchObject({ status: 'active' })

      await page.getByRole('button', { name: 'Change zone' }).click()
      const zone = page.getByRole('combobox', { name: 'Time zone of this lead' })
      await zone.fill('Mars/Olympus')
      await page.getByRole('button', { name: 'Change', exact: true }).click()
      await page.getByText('is not a name such as').waitFor()
      await zone.fill('America/Denver')
      await page.getByRole('button', { name: 'Change', exact: true }).click()
      await page.getByText('America/Denver, now').waitFor()
      expect((await statusOf(lead.id)).time_zone).toBe('America/Denver')

      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download all data' }).click()
      const stored = await readFile(await (await download).path(), 'utf8')
      expect(JSON.parse(stored)).toMatchObject({ lead: { email: lead.email } })

      await confirm(page, 'Mark as booked', 'Yes, mark as booked')
      await page.getByText('Stopped: booked a call').first().waitFor()
    })
  })

  test('an admin suppresses, lifts and erases, the last only after typing the address', async () => {
    await everywhere(browser, async (page, suffix) => {
      const lead = await newLead()
      await go(page, 'admin', `/leads/${lead.id}`)
      await confirm(page, 'Never mail again', 'Suppress it')
      await page.getByText('Nothing is mailed to this address').waitFor()
      await page.getByRole('button', { name: 'Lift the suppression' }).click()
      await page.getByLabel('Why, and who asked for it').fill('asked us by phone')
      await page.getByRole('dialog').getByRole('button', { name: 'Lift', exact: true }).click()
      await page.getByText('Suppression lifted').waitFor()

      await page.getByRole('button', { name: 'Erase this person' }).click()
      const typed = page.getByLabel('To confirm, type the address of this lead')
      await typed.fill('somebody@else.example')
      await page.getByRole('button', { name: 'Erase for good' }).click()
      await page.getByText('so nothing was erased').waitFor()
      await expectSound(page, `erase-${suffix}`)
      await typed.fill(lead.email)
      await page.getByRole('button', { name: 'Erase for good' }).click()
      await page.getByText('This person was erased').waitFor()
      expect(await page.locator('body').innerText()).not.toContain(lead.last)
      await expectSound(page, `erased-${suffix}`)
    })
  })

  test('a viewer looks, and is shown nothing to search or act with', async () => {
    await everywhere(browser, async (page, suffix) => {
      const lead = await newLead()
      await go(page, 'viewer', '/leads')
      await page.getByLabel('Waits for').selectOption('lesson-1')
      await page.getByRole('link', { name: 'Quinn Z.' }).first().waitFor()
      await expectSound(page, `leads-viewer-${suffix}`)
      expect(await page.getByLabel('Search').count()).toBe(0)
      await page.goto(`${engine.baseUrl}/studio/leads/${lead.id}`)
      await page.getByText('What happened').waitFor()
      const text = await page.locator('body').innerText()
      for (const hidden of [lead.last, lead.email, 'Tuesday']) expect(text).not.toContain(hidden)
      expect(await page.getByRole('button', { name: 'Stop the mails' }).count()).toBe(0)
    })
  })

  test('what goes out in the next days stands in each reader’s time and the clinic’s', async () => {
    const lead = await newLead()
    await engine.beat()
    await engine.ctx.db.execute(sql`update leads set time_zone = 'America/Denver' where id = ${lead.id}`)
    await everywhere(browser, async (page, suffix) => {
      await go(page, 'editor', '/upcoming')
      await page.getByText(/mails? (is|are) due in the next 7 days/).waitFor()
      await page.getByRole('link', { name: lead.name }).waitFor()
      expect(await page.locator('body').innerText()).toMatch(/M[SD]T \(.*E[SD]T here\)/)
      await expectSound(page, `upcoming-${suffix}`)
    })
  })
})

describe.skipIf(!executablePath)('problems', { timeout }, () => {
  test('a form that was not understood is read, mapped and tried again', async () => {
    await everywhere(browser, async (page, suffix) => {
      await engine.addSource({ slug: `odd-${suffix}`, name: 'Odd form' })
      const who = `kim-${suffix}@lead.example`
      await submitForm(engine, { contact: 'nobody', who, tel: '610 555 0188' }, `odd-${suffix}`)
      // A newer form with other fields changes nothing about what is asked.
      await submitForm(engine, { email: `newer-${suffix}@lead.example` }, `odd-${suffix}`)
      await go(page, 'editor', '/problems/forms')
      await page.getByRole('button', { name: 'See what came' }).click()
      await page.getByText('who=•••@•••').waitFor()
      expect(await page.locator('body').innerText()).not.toContain('0188')
      await expectSound(page, `problem-form-${suffix}`)
      await page.getByLabel('email', { exact: true }).selectOption('who')
      await page.getByRole('button', { name: `Keep this for odd-${suffix}` }).click()
      await said(page, 'Kept. Now try the form again.')
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByText('Every form was understood').waitFor()
      await expectSound(page, `problem-none-${suffix}`)
      const { rows } = await engine.ctx.db.execute(sql`select id from leads where email = ${who}`)
      expect(rows).toHaveLength(1)
    })
  })

  test('a booking finds its lead, and a mail that failed is decided on', async () => {
    await everywhere(browser, async (page, suffix) => {
      const lead = await newLead()
      await engine.ctx.db.insert(bookings).values({
        tool: 'calendly',
        externalId: suffix,
        status: 'booked',
        doubt: 'two leads have this phone number',
        phone: '+16105550000',
        occurredAt: engine.clock.now(),
        bookedAt: engine.clock.now(),
        createdAt: engine.clock.now(),
      })
      await go(page, 'editor', '/problems/bookings')
      await page.getByLabel('Somebody else').fill(lead.last)
      await page.getByRole('button', { name: `It is theirs: ${lead.name}` }).waitFor()
      await expectSound(page, `problem-booking-${suffix}`)
      await page.getByRole('button', { name: `It is theirs: ${lead.name}` }).click()
      await page.getByText('Every booking has its lead').waitFor()
      expect(await statusOf(lead.id)).toMatchObject({ status: 'stopped', stop_reason: 'booked' })

      const failing = await newLead()
      const delivery = (await engine.deliveries()).find(({ leadId }) => leadId === failing.id)!
      await failDelivery(engine.ctx.db, delivery.id, 'parked', 'no answer for 23 hours')
      await settleEnrollments(engine.ctx.db, [delivery.enrollmentId], 'held', engine.clock.now())
      await page.getByRole('tab', { name: /^Mails/ }).click()
      await page.getByText('no answer for 23 hours').waitFor()
      await expectSound(page, `problem-mail-${suffix}`)
      await confirm(page, 'It arrived', 'Yes, it arrived')
      await page.getByText('No mail waits for you').waitFor()
      expect(await statusOf(failing.id)).toMatchObject({ status: 'active' })
    })
  })

  test.each(sizes)(
    'on a $name a booking is said to be nobody’s, and an alert that failed is mailed again, by keyboard',
    async (size) => {
      const editor = await newMember(engine, 'editor')
      const { page, blocked, close } = await openStudio(browser, engine, editor, size)
      const now = engine.clock.now()
      const [alert] = await engine.ctx.db
        .insert(alerts)
        .values({ kind: 'digest', status: 'failed', dueAt: now, nextAttemptAt: now, createdAt: now })
        .returning()
      await addTemplateFaults(
        engine.ctx.db,
        'why-scans-miss',
        { revision: 'code', faults: 5, error: 'TypeError', limit: 5 },
        now,
      )
      await engine.ctx.db.insert(bookings).values({
        tool: 'calendly',
        externalId: `nobody-${size.name}`,
        status: 'booked',
        doubt: 'two leads have this phone number',
        phone: '+16105550001',
        occurredAt: now,
        bookedAt: now,
        createdAt: now,
      })
      await page.goto('/studio/problems/bookings')
      await page.getByText('two leads have this phone number').waitFor()
      await tabTo(page, /^It is nobody’s$/)
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Is it nobody’s?' }).waitFor()
      await tabTo(page, /^Yes, it is nobody’s$/)
      await page.keyboard.press('Enter')
      await page.getByText('Every booking has its lead').waitFor()

      // The head of each page says what stands still, and leads there.
      await page.getByText('The mail why-scans-miss is paused. An alert could not be sent.').waitFor()
      await tabTo(page, /^See to it$/)
      await page.keyboard.press('Enter')
      await page.getByText('An alert could not be mailed: digest').waitFor()
      await tabTo(page, /^Mail it again$/)
      await page.keyboard.press('Enter')
      await page.getByText('It waits to be mailed again.').waitFor()
      for (const gone of ['An alert could not be mailed', 'An alert could not be sent'])
        await page.getByText(gone).waitFor({ state: 'detached' })
      await tabTo(page, /^Try again$/)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'See to it' }).waitFor({ state: 'detached' })
      const [after] = await engine.ctx.db.select().from(alerts).where(eq(alerts.id, alert!.id))
      expect(after!.status).toBe('waiting')
      expect(blocked).toEqual([])
      await close()
    },
  )

  test('every other kind says what would be there', async () => {
    await everywhere(browser, async (page, suffix) => {
      await go(page, 'editor', '/problems/service')
      for (const [tab, text] of [
        ['Replies', 'Every reply was answered'],
        ['Events', 'Every report was understood'],
        ['Suspected bots', 'No form was taken for a bot’s'],
      ] as const) {
        await page.getByRole('tab', { name: tab }).click()
        await page.getByText(text).waitFor()
        await expectSound(page, `problems-${tab.split(' ')[0]!.toLowerCase()}-${suffix}`)
      }
    })
  })
})
