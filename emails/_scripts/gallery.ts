/**
 * Renders every template at both widths, light and dark, to PNG, with an overview page: `.data/gallery`; and the
 * README's picture: `npm run emails:gallery`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { chromium, type Page } from 'playwright-core'
import { shootForReadme } from './readme-picture.ts'
import { createRenderer, renderAlert } from '../../src/mail/renderer.ts'
import { alerts, templates } from '../index.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const out = '.data/gallery'
const widths = { desktop: 640, phone: 375 } as const
const schemes = ['light', 'dark'] as const

/** No network and no GPU: what a mail shows must not depend on either. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

async function mails() {
  const renderer = createRenderer(templates)
  const lessons = await Promise.all(
    Object.entries(templates).map(async ([name, { previewProps }]) => ({
      name,
      ...(await renderer.mail(name as keyof typeof templates, previewProps)),
    })),
  )
  const { 'fresh-lead': fresh, digest } = alerts
  return [
    ...lessons,
    { name: 'fresh-lead', ...(await renderAlert(fresh, fresh.previewProps)) },
    { name: 'digest', ...(await renderAlert(digest, digest.previewProps)) },
  ]
}

async function shoot(page: Page, html: string, file: string) {
  await page.setContent(html)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  if (wide) say(`${file} scrolls sideways`)
  await page.screenshot({ path: `${out}/${file}`, fullPage: true })
}

const all = await mails()
await mkdir(out, { recursive: true })
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args,
})
for (const [device, width] of Object.entries(widths)) {
  for (const colorScheme of schemes) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, offline: true })
    const page = await context.newPage()
    for (const { name, html } of all) await shoot(page, html, `${name}-${device}-${colorScheme}.png`)
    await context.close()
  }
}
const picture = await shootForReadme(browser, out)
say(`${picture.file}, ${Math.round(picture.bytes / 1024)} kB`)
await browser.close()

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const sections = all.map(({ name, subject, text }) => {
  const shots = Object.keys(widths).flatMap((device) =>
    schemes.map(
      (scheme) =>
        `<img loading="lazy" src="${name}-${device}-${scheme}.png" alt="${name}, ${device}, ${scheme}">`,
    ),
  )
  return `<section><h2>${name}</h2><p>${escape(subject)}</p><div>${shots.join('')}<pre>${escape(text)}</pre></div></section>`
})
await writeFile(
  `${out}/index.html`,
  `<!doctype html><meta charset="utf-8"><title>Mail gallery</title><style>body{font:16px system-ui;margin:24px}div{display:flex;gap:16px;overflow-x:auto;align-items:flex-start}img{width:320px;border:1px solid #ccc}pre{width:480px;flex:none;white-space:pre-wrap;font-size:13px}</style><h1>Mail gallery</h1>${sections.join('')}`,
)
for (const { name, html, text } of all) {
  await writeFile(`${out}/${name}.html`, html)
  await writeFile(`${out}/${name}.txt`, text)
}
say(`${all.length} mails in ${out}/index.html`)
