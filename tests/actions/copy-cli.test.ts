import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

/** Runs the command line as a person does, with `input` on its standard input. */
async function nurture(args: string[], input = '', editor = 'true') {
  const env = {
    PATH: process.env.PATH,
    EDITOR: editor,
    DATABASE_URL: database.url,
    APP_SECRET: 'x'.repeat(48),
    RESEND_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
  }
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'copy', ...args], { env })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { out, code }
}

test(
  'a marketer edits, is told what is wrong and where, publishes, compares and goes back',
  { timeout: 180_000 },
  async () => {
    const shown = await nurture(['show', 'movement'])
    expect(shown.out).toContain('Confirm each claim before going live')
    expect(shown.out).toContain('based-on: 0')

    const wrong = shown.out.replace(/^title: .*$/m, 'title: Hi {{firstName}}')
    const line = wrong.split('\n').findIndex((text) => text.startsWith('title:')) + 1
    const refused = await nurture(['edit', 'movement', '--file', '-'], wrong)
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.out).toContain(`line ${line}, title: {{firstName}} needs a fallback`)

    const bad = shown.out.replace(/^subject: .*$/m, 'subject: What helps your back')
    const saved = await nurture(['edit', 'movement', '--file', '-'], bad)
    expect(saved.out).toMatch(/must mend {2}line \d+, subject: ties a condition[^]*Saved as draft 1/)
    const published = await nurture(['publish', 'movement'])
    expect(published).toMatchObject({ code: 1 })
    expect(published.out).toMatch(/Not published[^]*subject: ties a condition/)

    // The editor here replaces a word; what it saves becomes the next draft.
    const edited = await nurture(
      ['edit', 'movement', '--note', 'calmer'],
      '',
      'sed -i "s/^subject: .*/subject: A calm note/"',
    )
    expect(edited.out).toContain('Saved as draft 2')
    expect((await nurture(['diff', 'movement'])).out).toMatch(
      /from revision 0 to 2\n- subject: .*\n\+ subject: A calm note\n$/,
    )
    expect((await nurture(['publish', 'movement'])).out).toContain('Revision 2 of movement is in force')
    expect((await nurture(['rollback', 'movement', '0'])).out).toContain('The copy in code is in force')
    const list = await nurture(['list', 'movement'])
    expect(list.out).toMatch(/in force: the copy in code\n +2 {2}retired .*calmer\n +1 {2}draft/)
  },
)
