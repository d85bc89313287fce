import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobType, Worker } from 'bullmq'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createQueueBoard } from '../../src/cli/queue-board.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { type Member, newMember } from '../studio/support.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { openStudio, sizes, tabTo } from './studio-support.ts'
import { executablePath, expectSound, openBrowser } from './support.ts'

describe.skipIf(executablePath === null)('the board of the queues in Chromium', { timeout: 300_000 }, () => {
  let service: TestService
  let server: Awaited<ReturnType<typeof listen>>
  let worker: Worker
  let browser: Browser
  let admin: Member
  let failed: string
  /** The board belongs to a server that was started with it. */
  let board: TestService
  beforeAll(async () => {
    service = await createTestService()
    server = await listen(createApp(service.ctx, createQueueBoard(service.queues)), '127.0.0.1', 0)
    board = { ...service, baseUrl: `http://127.0.0.1:${server.port}` }
    admin = await newMember(service, 'admin')
    browser = await openBrowser()
    const queue = (name: string) => service.queues.all.find((one) => one.name === name)!
    await service.queues.upsertHeartbeat()
    const dispatch = () => ({ dispatchId: randomUUID(), attempt: 1 })
    // More than a page of them.
    await service.queues.add(
      'dispatch',
      Array.from({ length: 25 }, () => ({ id: randomUUID(), data: dispatch() })),
    )
    await queue('dispatch').add('dispatch', dispatch(), { delay: 1_000_000 })
    await queue('dispatch').add('dispatch', dispatch(), { priority: 3 })
    // Of the alerts one fails, one is done, two are at work for as long as the test runs, and the rest wait.
    let taken = 0
    worker = service.queues.work(
      'alert',
      async () => {
        taken++
        if (taken === 1) throw new Error('This one fails.')
        if (taken > 2) await sleep(600_000, undefined, { ref: false })
      },
      { concurrency: 2 },
    )
    for (let alerts = 0; alerts < 6; alerts++)
      await queue('alert').add('alert', { alertId: randomUUID(), attempt: 1 }, { attempts: 1 })
    const counts = { failed: 1, completed: 1, active: 2, waiting: 2 }
    await vi.waitFor(
      async () =>
        expect(await queue('alert').getJobCounts(...(Object.keys(counts) as JobType[]))).toEqual(counts),
      30_000,
    )
    failed = (await queue('alert').getFailed())[0]!.id!
  })
  afterAll(async () => {
    await browser?.close()
    await worker?.close(true)
    await server?.close()
    await service?.stop()
  })

  const open = async (page: Page, path = '') => {
    await page.goto(`/studio/queues${path}`)
    await page.waitForLoadState('networkidle')
  }

  for (const size of sizes)
    test.each(['light', 'dark'] as const)(
      `every page, menu and dialog is sound on a ${size.name} in the %s`,
      async (colorScheme) => {
        const { page, close } = await openStudio(browser, board, admin, {
          ...size,
          colorScheme,
          bypassCSP: true,
        })
        const sound = (name: string) => expectSound(page, `queues-${name}-${size.name}-${colorScheme}`)
        for (const [name, path, text] of [
          ['overview', '', '27 Jobs'],
          ['tick', '/queue/tick', 'No workers'],
          ['first', '/queue/first', 'No latest jobs in this queue.'],
          ['reading', '/queue/reading', 'No latest jobs in this queue.'],
          ['dispatch', '/queue/dispatch', 'dispatchId'],
          ['waiting', '/queue/dispatch?status=waiting', 'dispatchId'],
          ['delayed', '/queue/dispatch?status=delayed', 'dispatchId'],
          ['prioritized', '/queue/dispatch?status=prioritized', 'dispatchId'],
          ['alert', '/queue/alert', 'This one fails.'],
          ['active', '/queue/alert?status=active', 'alertId'],
          ['completed', '/queue/alert?status=completed', 'alertId'],
          ['failed', '/queue/alert?status=failed', 'This one fails.'],
          ['job', `/queue/alert/${failed}`, 'This one fails.'],
          ['schedulers', '/job-schedulers', 'heartbeat'],
          ['no-queue', '/queue/nothing', 'Queue Not found'],
        ] as const) {
          await open(page, path)
          await page.getByText(text).filter({ visible: true }).first().waitFor()
          await sound(name)
        }
        for (const tab of ['Data', 'Progress', 'Options', 'Logs']) {
          await open(page, `/queue/alert/${failed}`)
          await page.getByText(tab, { exact: true }).click()
          await sound(`job-${tab.toLowerCase()}`)
        }
        await open(page)
        await page.getByRole('button', { name: 'Settings of this board' }).click()
        await page.getByRole('dialog', { name: 'Settings' }).waitFor()
        await sound('settings')
        await open(page)
        await page.getByRole('button', { name: 'No workers' }).first().click()
        await page.getByRole('dialog', { name: 'Queue info' }).waitFor()
        await sound('workers')
        await page.getByRole('button', { name: 'Overview' }).click()
        await sound('queue-info')
        await open(page)
        await page.getByRole('button', { name: 'Order of the queues' }).click()
        await page.getByRole('menuitem', { name: 'Sort by' }).click()
        await page.getByRole('menuitem', { name: 'Failed Jobs' }).waitFor()
        await sound('order')
        await open(page)
        await page.getByRole('button', { name: '27 Jobs' }).click()
        await page.getByRole('region', { name: 'Opened over the page' }).getByRole('link').first().waitFor()
        await sound('counts')
        await open(page)
        if (size.name === 'phone') {
          await page.getByRole('button', { name: 'Overview' }).click()
          await page.getByRole('menuitem', { name: 'Schedulers' }).waitFor()
          await sound('places')
        } else {
          await page.getByRole('button', { name: 'Collapse sidebar' }).click()
          await page.getByRole('button', { name: 'Expand sidebar' }).waitFor()
          await sound('collapsed')
        }
        await close()
      },
    )

  test.each(sizes)(
    'the keyboard alone gets around on a $name and back to the studio, and nothing comes from elsewhere',
    async (size) => {
      const { page, blocked, close } = await openStudio(browser, board, admin, size)
      const hosts = new Set<string>()
      page.on('request', (request) => hosts.add(new URL(request.url()).origin))
      await open(page)
      await tabTo(page, /^Settings of this board$/)
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Settings' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await tabTo(page, /^alert$/)
      await page.keyboard.press('Enter')
      await page.getByText('This one fails.').first().waitFor()
      // The board draws itself anew every few seconds, and forgets nothing of what it is told.
      await page.getByRole('button', { name: 'Copy' }).first().waitFor()
      await tabTo(page, /^Back to the studio$/)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      expect(blocked).toEqual([])
      expect([...hosts]).toEqual([board.baseUrl])
      await close()
    },
  )
})
