import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stopByStaff } from '../../src/actions/stop-by-staff.ts'
import { type LeadFilter, listLeads, searchLeads } from '../../src/store/lead-search.ts'
import { createEngine, type Engine } from '../actions/engine.ts'
import { submitForm } from '../support/forms.ts'

let engine: Engine
let otherSource: string
const people = [
  ['ann@lead.example', 'Ann', 'Smith', '+16105550101'],
  ['anna.100%@lead.example', 'Anna', 'Smithson', '+16105550102'],
  ['bo@other.example', 'Bo', 'van Dyke', '+12155550101'],
  ['smithy@lead.example', 'Zoë', "O'Neil", ''],
] as const

beforeAll(async () => {
  engine = await createEngine()
  otherSource = (await engine.addSource({ slug: 'other', name: 'Other' })).id
  for (const [email, first_name, last_name, phone] of people)
    await submitForm(
      engine,
      { email, first_name, last_name, phone },
      email.startsWith('bo') ? 'other' : 'website',
    )
})
afterAll(() => engine.stop())

const none: LeadFilter = { status: null, source: null, step: null, stopReason: null }
const find = async (text: string, filter: Partial<LeadFilter> = {}, limit = 50) => {
  const found = await searchLeads(engine.ctx.db, { text, filter: { ...none, ...filter }, limit })
  return { ...found, leads: found.leads.map(({ email }) => email!.split('@')[0]) }
}
const list = (filter: Partial<LeadFilter> = {}, after: string | null = null, limit = 50) =>
  listLeads(engine.ctx.db, { filter: { ...none, ...filter }, after, limit })

describe('search', () => {
  test.each([
    ['ann', ['ann', 'anna.100%']],
    ['ANN@', ['ann']],
    ['smith', ['smithy', 'ann', 'anna.100%']],
    ['smith ann', ['ann', 'anna.100%']],
    ['ann smiths', ['anna.100%']],
    ['van d', ['bo']],
    ['zoë', ['smithy']],
    ["o'n", ['smithy']],
    ['o_', []],
    ['o%', []],
    ['anna.100%', ['anna.100%']],
    ['nn', []],
    ['610 555', ['ann', 'anna.100%']],
    ['(215) 555-0101', ['bo']],
    ['0101', ['ann', 'bo']],
    ['+1610', ['ann', 'anna.100%']],
    ["' or 1=1 --", []],
  ])('%s finds %j', async (text, expected) => {
    const found = await find(text)
    expect(found.leads.toSorted()).toEqual(expected.toSorted())
    expect(found.searched).toBe(true)
  })

  test('is by name, narrowed by the filter, and says when there is more', async () => {
    expect((await find('smith')).leads).toEqual(['smithy', 'ann', 'anna.100%'])
    expect((await find('0101', { source: otherSource })).leads).toEqual(['bo'])
    expect((await find('0101', { step: 'lesson-9' })).leads).toEqual([])
    expect(await find('smith', {}, 2)).toMatchObject({ leads: ['smithy', 'ann'], more: true })
    expect(await find('12')).toEqual({ leads: [], more: false, searched: false })
  })
})

describe('the list', () => {
  test('is newest first, a page after the other, and nobody twice', async () => {
    const seen: string[] = []
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof list>> = await list({}, after, 3)
      seen.push(...page.leads.map(({ email }) => email!))
      if (page.next === null) break
      after = page.next
    }
    expect(seen).toEqual(people.map(([email]) => email).toReversed())
  })

  test('says where each lead stands, and goes by that', async () => {
    const [bo] = (await find('bo')).leads
    expect(bo).toBe('bo')
    const { leads } = await list({ source: otherSource })
    expect(leads).toMatchObject([
      { email: 'bo@other.example', status: 'active', source: 'Other', nextStep: 'lesson-1', erased: false },
    ])
    expect((await list({ step: 'lesson-1' })).leads).toHaveLength(4)
    expect((await list({ step: 'lesson-1', source: otherSource }, null, 1)).next).toBeNull()
    await stopByStaff(engine.ctx, { leadId: leads[0]!.id, actor: 'test' })
    expect((await list({ status: 'stopped' })).leads).toMatchObject([
      { email: 'bo@other.example', stopReason: 'staff', nextStep: null },
    ])
    expect((await list({ stopReason: 'staff', status: 'stopped' })).leads).toHaveLength(1)
    expect((await list({ stopReason: 'booked' })).leads).toHaveLength(0)
    expect((await list({ step: 'lesson-1' }, null, 2)).next).not.toBeNull()
    expect((await list({ status: 'active', source: otherSource })).leads).toHaveLength(0)
  })
})
