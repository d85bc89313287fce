import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogoReader } from '../../src/mail/logo-reader.ts'
import { expectProblem } from '../http/support.ts'
import { type Member, newMember } from '../studio/support.ts'
import { png, startLogoSite } from '../support/logo-site.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { openStudio, sizes } from './studio-support.ts'
import { executablePath, expectSound, openBrowser } from './support.ts'

describe.skipIf(executablePath === null)('the logo in Chromium', { timeout: 240_000 }, () => {
  let service: TestService
  let browser: Browser
  let admin: Member
  let viewer: Member
  let site: Awaited<ReturnType<typeof startLogoSite>>
  beforeAll(async () => {
    site = await startLogoSite({
      '/logo.png': { body: png(320, 80) },
      '/wide.png': { body: png(900, 80) },
      '/logo.svg': { body: '<svg/>' },
    })
    service = await createTestService({
      overrides: {
        senderDns: { txt: async () => null, mx: async () => null },
        // The site of the test is on this machine.
        logos: createLogoReader({ timeoutMs: 2_000, isOpen: () => true }),
      },
    })
    admin = await newMember(service, 'admin')
    viewer = await newMember(service, 'viewer')
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
    await site?.stop()
  })

  const give = (logoUrl: string | null) => {
    service.ctx.config.brand = { ...service.ctx.config.brand, logoUrl }
  }
  const region = (page: Page) => page.getByRole('region', { name: 'The logo in a mail' })

  for (const size of sizes)
    test(`stands on both grounds, and nobody else is asked for it: ${size.name}`, async () => {
      give(`${site.url}/logo.png`)
      for (const colorScheme of ['light', 'dark'] as const) {
        const studio = await openStudio(browser, service, viewer, { ...size, colorScheme, bypassCSP: true })
        const { page } = studio
        const hosts = new Set<string>()
        page.on('request', (request) => hosts.add(new URL(request.url()).origin))
        for (const [path, heading] of [
          ['', 'Overview'],
          ['/settings/brand', 'Settings'],
        ] as const) {
          await page.goto(`/studio${path}`)
          await page.getByRole('heading', { level: 1, name: heading }).waitFor()
          await region(page)
            .getByText('PNG, 1 kB, shown 144 px wide and 36 px high', { exact: false })
            .waitFor()
          await region(page).scrollIntoViewIfNeeded()
          const frames = region(page).locator('iframe')
          const grounds = new Set<string>()
          for (let at = 0; at < 2; at++) {
            const frame = frames.nth(at).contentFrame()
            const logo = frame.locator('img').first()
            await logo.waitFor()
            expect(await logo.evaluate((img: HTMLImageElement) => [img.naturalWidth, img.height])).toEqual([
              320, 36,
            ])
            grounds.add(
              await frame.locator('.sheet').evaluate((sheet) => getComputedStyle(sheet).backgroundColor),
            )
          }
          expect(grounds.size).toBe(2)
          await expectSound(page, `logo-${heading.toLowerCase()}-${size.name}-${colorScheme}`)
        }
        expect([...hosts].filter((host) => host !== 'null')).toEqual([new URL(service.baseUrl).origin])
        await studio.close()
      }
    })

  test('a logo that no mail would show, or that is too wide, is told of in words', async () => {
    const studio = await openStudio(browser, service, admin, { ...sizes[0], bypassCSP: true })
    const { page } = studio
    give(`${site.url}/gone.png`)
    await page.goto('/studio')
    await page.getByText('The logo cannot be shown').waitFor()
    await page.getByText('The picture is not there: its server answers 404.', { exact: false }).waitFor()
    expect(await region(page).count()).toBe(0)
    await expectSound(page, 'logo-missing')
    give(`${site.url}/logo.svg`)
    await page.goto('/studio/settings/brand')
    await page.getByText('no PNG, JPEG or GIF', { exact: false }).waitFor()
    give(`${site.url}/wide.png`)
    await page.goto('/studio')
    await region(page).getByText('too wide for a phone: 405 px, and 215 px fit', { exact: false }).waitFor()
    give(null)
    await page.goto('/studio')
    await page.getByRole('region', { name: 'The clinic’s details' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(await region(page).count()).toBe(0)
    await studio.close()
  })

  test('the frame holds the picture and no script, and is not found without one', async () => {
    give(`${site.url}/logo.png`)
    const answer = await viewer.call('GET', '/brand/logo/preview?scheme=dark')
    expect(answer.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*sandbox.*img-src data:$/,
    )
    const html = await answer.text()
    expect(html).toContain('data:image/png;base64,')
    expect(html).not.toContain(site.url)
    give(null)
    await expectProblem(await viewer.call('GET', '/brand/logo/preview?scheme=dark'), 404, 'not-found')
    expect(await (await viewer.call('GET', '/brand/logo')).json()).toEqual({ logo: 'none' })
  })
})
