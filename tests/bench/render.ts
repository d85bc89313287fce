/** Compiled against direct rendering, mails/s, in the same run. `node --import tsx tests/bench/render.ts` */
process.env['NODE_ENV'] = 'production'
const { templates } = await import('../../emails/index.ts')
const { previewProps } = await import('../../emails/_components/preview-props.ts')
const { createRenderer } = await import('../../src/mail/renderer.ts')
const { renderDirect } = await import('../../src/mail/render-direct.ts')

const say = (line: string) => process.stdout.write(`${line}\n`)
const ROUNDS = 7
const names = Object.keys(templates) as Array<keyof typeof templates>
const renderer = createRenderer(templates)

const props = (at: number) => ({
  ...previewProps,
  firstName: `Pat ${at}`,
  bookingUrl: `https://clinic.example/book?ref=${at}`,
})

async function rate(mails: number, render: (at: number) => Promise<{ html: string; text: string }>) {
  const start = performance.now()
  let bytes = 0
  for (let at = 0; at < mails; at++) {
    const { html, text } = await render(at)
    // Reading the bytes makes V8 flatten its ropes: a join that nobody reads costs nothing.
    bytes += Buffer.byteLength(html) + Buffer.byteLength(text)
  }
  return { perSecond: (mails / (performance.now() - start)) * 1000, bytes }
}

const nameAt = (at: number) => names[at % names.length] as (typeof names)[number]
const compiled = (at: number) => renderer.mail(nameAt(at), props(at))
const direct = (at: number) => renderDirect(templates[nameAt(at)], templates[nameAt(at)].defaults, props(at))

await rate(2_000, compiled)
await rate(70, direct)
const runs: Array<{ direct: number; compiled: number; ratio: number }> = []
for (let round = 0; round < ROUNDS; round++) {
  const slow = await rate(140, direct)
  const fast = await rate(20_000, compiled)
  runs.push({ direct: slow.perSecond, compiled: fast.perSecond, ratio: fast.perSecond / slow.perSecond })
}

const sorted = (key: keyof (typeof runs)[number]) => runs.map((run) => run[key]).sort((a, b) => a - b)
const spread = (key: keyof (typeof runs)[number]) => {
  const all = sorted(key)
  const [low, mid, high] = [all[0], all[(ROUNDS - 1) / 2], all.at(-1)].map((n) => Math.round(n ?? 0))
  return `${mid} (${low} to ${high})`
}
say(`compiled/direct  ${spread('ratio')}  median and spread of ${ROUNDS} rounds`)
say(`for information: compiled ${spread('compiled')} mails/s, direct ${spread('direct')} mails/s`)
say(`counts: ${JSON.stringify(renderer.counts())}`)
