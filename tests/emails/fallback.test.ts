import { createElement, type ReactElement } from 'react'
import { expect, test } from 'vitest'
import { createRenderer, type RenderWarning } from '../../src/mail/renderer.ts'
import type { Renderable } from '../../src/mail/render-direct.ts'
import { brands, propsFor } from './support.ts'

type Props = Parameters<Renderable['component']>[0]

function planted(component: (props: Props) => ReactElement, subject: (props: Props) => string = () => 'Hi') {
  const heard: RenderWarning[] = []
  const renderer = createRenderer(
    { planted: { defaults: {}, subject, component } },
    { checkEvery: 5, warn: (warning) => heard.push(warning) },
  )
  const mail = (firstName: string | null, more = {}) =>
    renderer.mail('planted', propsFor(brands.sample, firstName, more))
  return { mail, heard, counts: renderer.takeCounts }
}

const paragraph = (text: string) => createElement('p', null, text)

const branching: Record<string, (props: Props) => ReactElement> = {
  length: ({ firstName }) => paragraph((firstName ?? '').length > 40 ? 'long' : `Hi ${firstName}`),
  case: ({ firstName }) => paragraph(`Hi ${firstName?.toUpperCase()}`),
  initial: ({ firstName }) => paragraph(`Hi ${firstName?.[0]}.`),
  scheme: ({ bookingUrl }) => paragraph(bookingUrl.startsWith('https:') ? 'safe' : 'unsafe'),
  'first real value': ({ firstName }) => paragraph(firstName === 'Pat' ? 'An old friend' : `Hi ${firstName}`),
}

test.each(Object.entries(branching))(
  'a component that branches on %s is rendered directly, with one warning',
  async (_, component) => {
    const { mail, heard, counts } = planted(component)
    for (const firstName of ['Pat', 'Lee', 'Pat']) {
      const props = propsFor(brands.sample, firstName)
      const own = String((component(props).props as { children: string }).children)
      expect((await mail(firstName)).text).toBe(own)
    }
    expect(heard).toEqual([{ template: 'planted', reason: 'branches-on-a-value' }])
    expect(counts()).toMatchObject({ compiled: 0, direct: 3 })
  },
)

test('a subject that branches is found as well', async () => {
  const { mail, heard } = planted(
    () => paragraph('x'),
    ({ firstName }) => (firstName ?? '').toLowerCase(),
  )
  expect((await mail('Pat')).subject).toBe('pat')
  expect(heard).toHaveLength(1)
})

test('a branch that hides at first is found by the check of one mail in N', async () => {
  const { mail, heard, counts } = planted(({ firstName }) =>
    paragraph(firstName === 'Zoe' ? 'Found' : `Hi ${firstName}`),
  )
  for (let at = 0; at < 4; at++) await mail('Pat')
  expect((await mail('Zoe')).text).toBe('Found')
  expect(heard).toEqual([{ template: 'planted', reason: 'differs-from-direct' }])
  // The 2nd, the 4th, and this one, the 5th.
  expect(counts()).toMatchObject({ checked: 3, differed: 1 })
  expect((await mail('Zoe')).text).toBe('Found')
  expect(heard).toHaveLength(1)
})

test('a branch on a missing value is no branch: each shape is compiled by itself', async () => {
  const { mail, heard } = planted(({ firstName }) =>
    paragraph(firstName === null ? 'Welcome' : `Hi ${firstName}`),
  )
  expect((await mail(null)).text).toBe('Welcome')
  expect((await mail('  ')).text).toBe('Welcome')
  expect((await mail('Pat')).text).toBe('Hi Pat')
  expect(heard).toEqual([])
})

test('a link that no mail may hold is refused, and its value stays out of the message', async () => {
  const { mail } = planted(() => paragraph('x'))
  for (const bookingUrl of [
    'javascript:alert(1)',
    'data:text/html,x',
    '/book',
    '',
    'https://a.test/ b',
    'https://a.test/\ud800',
  ])
    await expect(mail('Pat', { bookingUrl })).rejects.toThrow(/^bookingUrl is not a link/)
})

test('a component that throws rejects that mail, and is tried again', async () => {
  let broken = true
  const { mail } = planted(() => {
    if (broken) throw new Error('peer missing')
    return paragraph('fine')
  })
  await expect(mail('Pat')).rejects.toThrow('peer missing')
  broken = false
  expect((await mail('Pat')).text).toBe('fine')
})
