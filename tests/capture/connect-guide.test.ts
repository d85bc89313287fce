import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { connectGuides } from '../../src/capture/connect-guide.ts'
import { formAdapters } from '../../src/capture/index.ts'

const guides = Object.entries(connectGuides)
const page = `# Connect a form

Make an address first, and keep what it prints: \`npm run nurture -- source add <kind> --name "Contact page"\`. "The address"
and "the secret" below are what it printed. A tool that is not here can most often be connected by Zapier or Make.

${guides
  .map(
    ([kind, { tool, steps, script }]) =>
      `## ${tool}\n\nKind: \`${kind}\`\n\n${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}` +
      (script ? `\n\n\`\`\`js\n${script('the address', 'the secret')}\`\`\`` : ''),
  )
  .join('\n\n')}
`

test('the README says of every kind what it works with', async () => {
  const readme = await readFile('README.md', 'utf8')
  for (const kind of Object.keys(formAdapters))
    expect(readme).toMatch(new RegExp(`\\| .+ \\| \`${kind}\` +\\|`))
})

test('every kind of form has its guide, and the page says the same as the command', async () => {
  expect(Object.keys(connectGuides).sort()).toEqual(Object.keys(formAdapters).sort())
  await expect(page).toMatchFileSnapshot('../../.github/CONNECTING.md')
})
