import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SandboxEmail } from '../mail/sandbox/email.ts'

/** Writes every mail as an HTML and a text file, with a page that lists them; returns that page's path. */
export async function saveMails(folder: string, mails: readonly SandboxEmail[]): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const rows: string[] = []
  for (const [index, mail] of mails.entries()) {
    const name = `${String(index + 1).padStart(2, '0')}-${mail.tags.step ?? 'alert'}`
    await writeFile(join(folder, `${name}.html`), mail.html ?? '')
    await writeFile(join(folder, `${name}.txt`), mail.text ?? '')
    rows.push(
      `<tr><td>${mail.acceptedAt.slice(0, 16).replace('T', ' ')}</td><td>${escape(mail.to.join(', '))}</td>` +
        `<td><a href="${name}.html">${escape(mail.subject)}</a> (<a href="${name}.txt">text</a>)</td></tr>`,
    )
  }
  const index = join(folder, 'index.html')
  await writeFile(
    index,
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mails of the demo</title><style>body{font:1rem/1.6 system-ui;margin:2rem auto;max-width:56rem;padding:0 1rem}
th,td{padding:.25rem .75rem .25rem 0;text-align:start;vertical-align:top}td{overflow-wrap:anywhere}</style><h1>Mails of the demo</h1>
<table><tr><th>UTC</th><th>To</th><th>Subject</th></tr>${rows.join('\n')}</table></html>\n`,
  )
  return index
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
