import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { templates } from '../../emails/index.ts'
import { drafts } from '../../drizzle/schema/index.ts'
import { expectProblem } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { type Member, newMember } from './support.ts'

let service: TestService
let editor: Member
let viewer: Member
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
  editor = await newMember(service, 'editor')
  viewer = await newMember(service, 'viewer')
})
afterAll(() => service?.stop())
beforeEach(async () => {
  await service.ctx.db.delete(drafts)
})

const at = '/copy/lock-up'
const words = (subject: string) => ({ ...templates['lock-up'].defaults, subject })
const save = (who: Member, subject: string, over: string | null = null, base = 0) =>
  who.call('PUT', `${at}/draft`, { words: words(subject), over, base })

async function saved(answer: Promise<Response>): Promise<string> {
  const { draft } = (await (await answer).json()) as { draft: { version: string } }
  return draft.version
}

test('a draft is kept by its version, and another person hears who was faster', async () => {
  const version = await saved(save(editor, 'By the first'))
  const other = await newMember(service, 'editor')
  await saved(save(other, 'By the other', version))
  const answer = await save(editor, 'By the first again', version)
  const problem = await expectProblem(answer, 409, 'conflict')
  expect(problem.detail).toContain(other.email)
  const state = (await (await editor.call('GET', at)).json()) as { draft: { words: { subject: string } } }
  expect(state.draft.words.subject).toBe('By the other')
})

test('who only looks changes nothing', async () => {
  const version = await saved(save(editor, 'A draft'))
  const tries = [
    save(viewer, 'Mine', version),
    viewer.call('DELETE', `${at}/draft`, { version }),
    viewer.call('POST', `${at}/test`, { of: 'draft' }),
    viewer.call('POST', `${at}/publish`, { version, note: null }),
    viewer.call('POST', `${at}/rollback`, { to: 0, note: null }),
    viewer.call('POST', '/sequences/back-spasms/steps/lesson-2', { on: false }),
    viewer.call('POST', '/sequences/back-spasms/rollback', { to: 0, over: 1, note: null }),
    viewer.call('POST', '/sequences/pause', { reason: 'mine' }),
    viewer.call('POST', '/sequences/resume', {}),
  ]
  for (const answer of await Promise.all(tries)) await expectProblem(answer, 403, 'forbidden')
  for (const path of [
    '/copy',
    at,
    `${at}/revisions`,
    '/sequences/back-spasms',
    '/sequences/back-spasms/revisions',
    '/sequences/pause',
  ])
    expect([path, (await viewer.call('GET', path)).status]).toEqual([path, 200])
})

test.each([
  ['words of another shape', { words: { subject: 'x' }, over: null, base: 0 }],
  [
    'a block that nobody knows',
    { words: { ...words('x'), lesson: [{ type: 'script' }] }, over: null, base: 0 },
  ],
  ['a version that is none', { words: words('x'), over: 'newest', base: 0 }],
  ['a text with a NUL', { words: words('x\0y'), over: null, base: 0 }],
  ['half of a character', { words: words('x\ud83d'), over: null, base: 0 }],
  ['a text without end', { words: words('x'.repeat(6_000)), over: null, base: 0 }],
  [
    'a drawing that is a path',
    { words: { ...words('x'), art: { drawing: '../x', alt: '' } }, over: null, base: 0 },
  ],
])('%s is refused, and nothing is kept', async (_, body) => {
  await expectProblem(await editor.call('PUT', `${at}/draft`, body), 422, 'invalid')
  expect(await service.ctx.db.select().from(drafts)).toEqual([])
})

test('a text that cannot be stored is named by its field', async () => {
  const body = { words: { ...words('x'), art: { drawing: 'x', alt: 'a\0b' } }, over: null, base: 0 }
  const problem = await expectProblem(await editor.call('PUT', `${at}/draft`, body), 422, 'invalid')
  expect(problem.errors).toEqual([{ field: 'words.art.alt', message: expect.any(String) }])
})

test('a path with a NUL leads nowhere, whatever is asked of it', async () => {
  const version = '018f0000-0000-7000-8000-000000000000'
  for (const [method, path] of [
    ['GET', '/copy/%00/revisions'],
    ['GET', '/copy/lock-up%00/revisions'],
    ['DELETE', '/copy/%00/draft'],
    ['DELETE', '/sequences/%00/draft'],
    ['GET', '/sequences/%00/revisions'],
    ['POST', '/sequences/back-spasms/steps/%00'],
  ] as const)
    await expectProblem(
      await editor.call(method, path, method === 'GET' ? undefined : { version, on: true }),
      404,
      'not-found',
    )
})

test('a mail, revision or sequence that is not there is not found', async () => {
  for (const path of [
    '/copy/nothing',
    '/copy/toString',
    `${at}/words?of=99`,
    '/sequences/nothing',
    '/sequences/__proto__',
  ])
    await expectProblem(await editor.call('GET', path), 404, 'not-found')
  await expectProblem(await editor.call('GET', `${at}/words?of=all`), 422, 'invalid')
  await expectProblem(await editor.call('GET', '/sequences/back-spasms/example?zone=Moon'), 422, 'invalid')
  await expectProblem(
    await editor.call('GET', '/sequences/back-spasms/example?zone=America/New_York&start=soon'),
    422,
    'invalid',
  )
})

describe('the preview', () => {
  const preview = (query: string) => editor.call('GET', `${at}/preview?${query}`)

  test('runs no script, leads nowhere, and is framed by us alone', async () => {
    const answer = await preview('of=draft')
    const policy = answer.headers.get('content-security-policy')!
    expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'self'; sandbox;/)
    expect(policy).not.toMatch(/script|allow-/)
    expect(answer.headers.get('content-type')).toContain('text/html')
    const page = await answer.text()
    expect(page).toContain(templates['lock-up'].defaults.title)
    expect(page).not.toContain(' href=')
    expect(page).toContain('title="https://')
  })

  test('shows a draft that cannot be published yet, through each reader’s eyes, dark or light', async () => {
    const version = await saved(save(editor, 'A draft for {{firstName|you}}'))
    await submitForm(service, { email: 'robin@lead.example', first_name: '<b>Robin' })
    const { readers } = (await (await editor.call('GET', '/copy/readers')).json()) as {
      readers: { id: string }[]
    }
    const seen = await (await viewer.call('GET', '/copy/readers')).text()
    expect(seen).toContain('Robin')
    expect(seen).not.toContain('lead.example')
    const subjectFor = async (reader: string) => {
      const answer = await editor.call('GET', `${at}/mail?of=draft&reader=${reader}&version=${version}`)
      return ((await answer.json()) as { subject: string }).subject
    }
    expect(await subjectFor('sample')).toBe('A draft for Pat')
    expect(await subjectFor('nameless')).toBe('A draft for you')
    expect(await subjectFor(readers[0]!.id)).toContain('Robin')
    await save(editor, '', version)
    const [dark, light] = await Promise.all(
      ['dark', 'light'].map(async (scheme) => (await preview(`of=draft&scheme=${scheme}`)).text()),
    )
    expect(dark).toContain('@media all{')
    expect(light).toContain('@media not all{')
    for (const page of [dark, light]) expect(page).not.toContain('prefers-color-scheme')
  })

  test('draws nothing that has no shape, and says so in place', async () => {
    const broken = { ...words('x'), art: { drawing: 'no-such-drawing', alt: 'x' } }
    await editor.call('PUT', `${at}/draft`, { words: broken, over: null, base: 0 })
    const answer = await preview('of=draft')
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('cannot be drawn yet'),
    ])
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
  })
})

test('a test goes to who asks, marked, from the draft, and unsubscribes nobody', async () => {
  await save(editor, 'Words under test')
  const answer = await editor.call('POST', `${at}/test`, { of: 'draft', reader: 'sample' })
  expect(await answer.json()).toEqual({ to: editor.email })
  const [mail] = service.sandbox.emails().filter(({ to }) => to.includes(editor.email))
  expect(mail?.subject).toBe('[Test] Words under test')
  expect(mail?.text).toContain('/u/preview')
  const again = await editor.call('POST', `${at}/test`, { of: 'draft', reader: 'sample' })
  await expectProblem(again, 429, 'too-many')
})

test('the pause says who, why and since when, and the public page of health does not', async () => {
  await editor.call('POST', '/sequences/pause', { reason: 'new prices on the page' })
  await expectProblem(await editor.call('POST', '/sequences/pause', { reason: 'again' }), 409, 'conflict')
  const { pause } = (await (await viewer.call('GET', '/sequences/pause')).json()) as { pause: object }
  expect(pause).toMatchObject({ note: { why: 'new prices on the page' }, until: null })
  expect(JSON.stringify(pause)).toContain(editor.email)
  const health = await (await fetch(`${service.baseUrl}/health`)).text()
  expect(health).toContain('paused by hand')
  expect(health).not.toContain(editor.email)
  expect(health).not.toContain('prices')
  expect(await (await editor.call('POST', '/sequences/resume', {})).json()).toEqual({ ended: true })
  expect(await (await editor.call('POST', '/sequences/resume', {})).json()).toEqual({ ended: false })
})
