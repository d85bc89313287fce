import type { EncodedMail } from '../../src/core/mail.ts'
import { report, spread } from './support/report.ts'

/** Compiled against direct rendering, mails/s, in the same run. `npm run bench:render` */
process.env['NODE_ENV'] = 'production'
const { templates } = await import('../../emails/index.ts')
const { previewProps } = await import('../../emails/_components/preview-props.ts')
const { createRenderer } = await import('../../src/mail/renderer.ts')
const { renderDirect } = await import('../../src/mail/render-direct.ts')

const say = (line: string) => process.stdout.write(`${line}\n`)
const ROUNDS = 9
const goal = 350
const names = Object.keys(templates) as Array<keyof typeof templates>
/** As in production: its checks against direct rendering are part of what a mail costs. */
const renderer = createRenderer(templates)
const unchecked = createRenderer(templates, { checkEvery: Infinity })

const props = (at: number) => ({
  ...previewProps,
  firstName: `Pat ${at}`,
  bookingUrl: `https://clinic.example/book?ref=${at}`,
})

type Mail = { html: string; text: string }

const readMiddle = (text: string) => text.charCodeAt(text.length >> 1)
/** Reads a character of each part: it makes V8 join the pieces in memory, for a rope that nobody reads costs nothing. */
const produced = ({ html, text }: Mail) => readMiddle(html) + readMiddle(text)
/** Pieces are joined here as the envelope does at last. */
const joined = ({ html, text }: EncodedMail): Mail => ({ html: html.join(''), text: text.join('') })

let sink = 0
async function microseconds(mails: number, render: (at: number) => Mail | Promise<Mail>): Promise<number> {
  const start = performance.now()
  for (let at = 0; at < mails; at++) {
    const made = render(at)
    sink += produced(made instanceof Promise ? await made : made)
  }
  return ((performance.now() - start) / mails) * 1000
}

const nameAt = (at: number) => names[at % names.length] as (typeof names)[number]
const direct = (at: number) => renderDirect(templates[nameAt(at)], templates[nameAt(at)].defaults, props(at))
const ready = await Promise.all(names.map((_, at) => unchecked.mail(nameAt(at), props(at))))
/** The least that any renderer can do: bring the bytes of both strings into new memory. */
const copied = (at: number): Mail => {
  const { html, text } = ready[at % ready.length] as Mail
  return { html: `${html}${at}`, text: `${text}${at}` }
}

const rounds: Array<Record<'direct' | 'compiled' | 'unchecked' | 'copying', number>> = []
for (let round = -1; round < ROUNDS; round++) {
  const times = {
    direct: await microseconds(140, direct),
    compiled: await microseconds(28_000, async (at) => joined(await renderer.encoded(nameAt(at), props(at)))),
    unchecked: await microseconds(28_000, async (at) =>
      joined(await unchecked.encoded(nameAt(at), props(at))),
    ),
    copying: await microseconds(28_000, copied),
  }
  // The first round warms up.
  if (round >= 0) rounds.push(times)
}

type Value = (times: (typeof rounds)[number]) => number
const shown = (value: Value, digits = 0) => spread(rounds.map(value), digits)
const ratios = rounds.map(({ direct: slow, compiled }) => slow / compiled)

report('compiled over direct rendering', ratios, { atLeast: goal }, 0)
say('for information')
say(`  without its own checks     ${shown((t) => t.direct / t.unchecked)}`)
say(`  if it only copied bytes    ${shown((t) => t.direct / t.copying)}  the limit of any renderer`)
say('  microseconds a mail, HTML and text:')
for (const name of ['direct', 'compiled', 'unchecked', 'copying'] as const)
  say(`    ${name.padEnd(24)} ${shown((t) => t[name], 1)}`)
say(`  counts: ${JSON.stringify(renderer.takeCounts())}${sink === 0 ? ' nothing was read' : ''}`)
