import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'

const file = '.github/emails.png'
/** The first mail, one by night, and the last, as they stand in the gallery's folder. */
const shots = [
  'lock-up-phone-light',
  'four-patterns-phone-light',
  'movement-phone-dark',
  'who-should-get-help-phone-light',
]
/** A repository's page should not wait for a picture. */
const limit = 250 * 1024

/** Sets the tops of some shots side by side, as the README's picture. Throws when it grew too heavy. */
export async function shootForReadme(
  browser: Browser,
  from: string,
): Promise<{ file: string; bytes: number }> {
  const images = await Promise.all(
    shots.map(async (shot) => {
      const png = (await readFile(join(from, `${shot}.png`))).toString('base64')
      return `<div><img src="data:image/png;base64,${png}" alt=""></div>`
    }),
  )
  const style =
    'body{margin:0;padding:24px;display:flex;gap:20px;background:#e9e4da}div{width:300px;height:660px;overflow:hidden;border-radius:14px;box-shadow:0 1px 4px #0003}img{width:300px;display:block}'
  const page = await browser.newPage({ viewport: { width: 1308, height: 708 }, offline: true })
  await page.setContent(`<style>${style}</style>${images.join('')}`)
  await page.screenshot({ path: file })
  await page.close()
  const bytes = (await stat(file)).size
  if (bytes > limit) throw new Error(`${file} has ${bytes} bytes: at most ${limit}`)
  return { file, bytes }
}
