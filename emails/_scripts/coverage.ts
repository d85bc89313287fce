/**
 * Prints, point by point, the sentence that teaches it, and writes the same side by side to
 * `.data/coverage.html`: `npm run emails:coverage`. Exits 1 on a gap.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { createRenderer } from '../../src/mail/renderer.ts'
import { article } from '../article.ts'
import { coverage } from '../coverage.ts'
import { templates } from '../index.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const rows = await coverage(templates, createRenderer(templates))
const points = article.map((point) => {
  const taught = rows.filter((row) => row.id === point.id)
  // Each mail ends in the same step: its first place stands for all.
  return { ...point, taught: point.id === 'schedule-a-call' ? taught.slice(0, 1) : taught }
})
const gaps = points.filter(({ taught }) => !taught.some(({ found }) => found)).length

for (const { id, says, taught } of points) {
  say(`\n${id}\n  article   ${says}`)
  for (const { lesson, sentence, found } of taught)
    say(`  lesson ${lesson}  ${found ? sentence : 'NOT FOUND'}`)
}
const summary = `${article.length} points, ${article.length - gaps} taught, ${gaps} missing`
say(`\n${summary}`)

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const cells = points.map(({ id, says, taught }) => {
  const lines = taught.map(
    ({ lesson, sentence }) => `<p><b>${lesson}</b> ${escape(sentence || 'NOT FOUND')}</p>`,
  )
  return `<tr><td><code>${id}</code></td><td>${escape(says)}</td><td>${lines.join('') || 'NOT TAUGHT'}</td></tr>`
})
await mkdir('.data', { recursive: true })
await writeFile(
  '.data/coverage.html',
  `<!doctype html><meta charset="utf-8"><title>Coverage</title><style>body{font:16px/1.5 system-ui;margin:24px;max-width:1200px}td,th{border-top:1px solid #ccc;padding:8px;text-align:left;vertical-align:top}p{margin:0}</style><h1>What the article teaches, and where</h1><p>${summary}</p><table><tr><th>Point</th><th>The article, in our words</th><th>The sentence that teaches it, by lesson</th></tr>${cells.join('')}</table>`,
)
process.exitCode = gaps === 0 ? 0 : 1
