/**
 * Scores every mail with SpamAssassin, offline: `npm run emails:spam`. Exits 1 when one scores 1.0 or more, or when
 * SpamAssassin is missing. Nothing leaves this machine: only local rules run.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLinks } from '../../src/links.ts'
import { addressMail } from '../../src/mail/envelope.ts'
import type { OutgoingMail } from '../../src/mail/mailer.ts'
import { createRenderer, renderAlert } from '../../src/mail/renderer.ts'
import { previewProps, sampleBrand as brand } from '../_components/preview-props.ts'
import { alerts, templates } from '../index.ts'
import { mimeMessage } from './mime.ts'

const limit = 1
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Each lesson with both of its subjects, and both alerts, addressed as they would be sent. */
async function mails(): Promise<Array<{ name: string; mail: OutgoingMail }>> {
  const renderer = createRenderer(templates)
  const appSecret = 'a secret of the spam check, of no other use'
  const links = createLinks({
    publicUrl: 'https://nurture.clinic.example',
    appSecret,
    bookingUrl: brand.bookingUrl,
    replyDomain: 'reply.clinic.example',
  })
  const id = '01930000-0000-7000-8000-000000000001'
  const props = {
    bookingUrl: links.booking(id),
    unsubscribeUrl: links.unsubscribe(id),
    callMeUrl: links.callMe(id),
    confirmUrl: links.confirm(id),
  }
  const found: Array<{ name: string; mail: OutgoingMail }> = []
  for (const [name, template] of Object.entries(templates))
    for (const topical of [false, true]) {
      const rendered = await renderer.encoded(name as keyof typeof templates, {
        ...previewProps,
        ...props,
        topical,
      })
      const to = {
        email: 'pat@lead.example',
        deliveryId: id,
        step: template.tag,
        unsubscribeUrl: props.unsubscribeUrl,
        replyAddress: links.replyAddress(id),
      }
      found.push({
        name: topical ? `${name}, topical` : name,
        mail: JSON.parse(addressMail(rendered, to, brand).join('')) as OutgoingMail,
      })
    }
  const alert = alerts['fresh-lead']
  for (const kind of ['fresh-lead', 'call-me'] as const) {
    const rendered = await renderAlert(alert, { ...alert.previewProps, kind })
    found.push({
      name: kind,
      mail: { from: brand.from, to: ['desk@clinic.example'], reply_to: brand.replyTo, ...rendered },
    })
  }
  return found
}

/** A mail that any rule set knows: without it, rules that did not load would pass everything. */
const control = {
  ...(await mails())[0]!.mail,
  subject: 'CHEAP VIAGRA!!! 100% FREE, ACT NOW!!!',
  html: '<html><font color="#ffffff">x</font><h1>BUY CHEAP VIAGRA ONLINE, NO PRESCRIPTION NEEDED! CLICK HERE!</h1></html>',
  text: 'BUY CHEAP VIAGRA ONLINE, NO PRESCRIPTION NEEDED! 100% FREE MONEY BACK GUARANTEE! DEAR FRIEND, ACT NOW!',
}
const all = [...(await mails()), { name: 'control: spam', mail: control }]
const folder = mkdtempSync(join(tmpdir(), 'nurture-spam-'))
const files = all.map(({ mail }, at) => {
  const file = join(folder, `${String(at).padStart(3, '0')}.eml`)
  writeFileSync(file, mimeMessage(mail, new Date()))
  return file
})
// No network rules, no learning from one run to the next, and no settings of the person who runs it.
const settings = [
  '--local',
  '--nocreate-prefs',
  '--prefspath=/dev/null',
  '--cf=use_bayes 0',
  '--cf=use_auto_welcomelist 0',
]
const run = spawnSync('spamassassin', [...settings, ...files], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
})
rmSync(folder, { recursive: true })

const verdicts = [
  ...(run.stdout
    ?.replace(/\r?\n[ \t]+/g, ' ')
    .matchAll(/^X-Spam-Status: \w+, score=(-?[\d.]+) .*?tests=(\S.*?) autolearn/gm) ?? []),
]
if (run.error || run.status !== 0 || verdicts.length !== all.length) {
  say('SpamAssassin did not run. Install it from Debian or Ubuntu: apt-get install spamassassin')
  if (run.stderr) say(run.stderr.trim())
  process.exitCode = 1
} else {
  const version = /SpamAssassin (\S+)/.exec(run.stdout)?.[1] ?? ''
  for (const [at, [, score = '', tests = '']] of verdicts.entries()) {
    const isControl = all[at]?.mail === control
    const passed = isControl ? Number(score) >= 5 : Number(score) < limit
    say(
      `${passed ? ' ok ' : 'FAIL'}  ${score.padStart(5)}  ${all[at]?.name.padEnd(28)}  ${tests.replaceAll(', ', ',').replaceAll(',', ' ')}`,
    )
    if (!passed) process.exitCode = 1
  }
  say(
    `${all.length - 1} mails, SpamAssassin ${version}, local rules only; each must score below ${limit.toFixed(1)}`,
  )
}
