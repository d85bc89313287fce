import { afterEach, beforeEach, expect, test } from 'vitest'
import { auditLog } from '../../drizzle/schema/index.ts'
import { saveCopyDraft } from '../../src/actions/copy-draft.ts'
import { describeCopy } from '../../src/actions/describe-copy.ts'
import { publishDraft } from '../../src/actions/publish-draft.ts'
import { rollbackCopy } from '../../src/actions/rollback-copy.ts'
import { discardDraft } from '../../src/actions/save-draft.ts'
import { newestRevision } from '../../src/store/revisions.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { template, words } from './copy-support.ts'

let service: TestService
beforeEach(async () => {
  service = await createTestService()
})
afterEach(() => service.stop())

const subject = `copy/${template}`
const minute = 60_000

const save = (actor: string, text: string, over: string | null, base = 0) =>
  saveCopyDraft(service.ctx, { template, words: words(text), over, base, actor })

const publish = (actor: string, version: string, over?: number) =>
  publishDraft(service.ctx, { template, version, over, note: null, actor })

const draftNow = async () => (await describeCopy(service.ctx, template)).draft

async function audit() {
  const rows = await service.ctx.db.select().from(auditLog).orderBy(auditLog.id)
  return rows.map(({ actor, action, subject: about }) => `${actor} ${action} ${about}`)
}

test('words are kept as they are typed, fit to be published or not, and a sitting is told of once', async () => {
  const first = await save('ada', 'A first', null)
  const second = await save('ada', '', first.version)
  expect(second.version).not.toBe(first.version)
  expect(await draftNow()).toMatchObject({ author: 'ada', base: 0, words: { subject: '' } })
  expect((await describeCopy(service.ctx, template)).review.findings).toContainEqual(
    expect.objectContaining({ level: 'refuse', field: 'subject' }),
  )
  await expect(publish('ada', second.version)).rejects.toMatchObject({ code: 'invalid' })
  service.clock.jumpTo(new Date(service.clock.now().getTime() + 11 * minute))
  const third = await save('ada', 'A third', second.version)
  await save('ben', 'A fourth', third.version)
  expect(await audit()).toEqual([
    `ada begin-draft ${subject}`,
    `ada work-on-draft ${subject}`,
    `ben work-on-draft ${subject}`,
  ])
})

test('of two people who type at once neither overwrites the other, and each hears who and when', async () => {
  const seen = await save('ada', 'Seen by both', null)
  const [ada, ben] = await Promise.allSettled([
    save('ada', 'By Ada', seen.version),
    save('ben', 'By Ben', seen.version),
  ])
  const results = [ada, ben]
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const winner = ada.status === 'fulfilled' ? 'ada' : 'ben'
  const loser = results.find((result) => result.status === 'rejected')!
  expect(loser.reason).toMatchObject({ code: 'conflict' })
  expect(String(loser.reason)).toContain(`${winner} saved another version at 2026-`)
  expect(await draftNow()).toMatchObject({ author: winner })
})

test('of two people who begin at once one hears of the other', async () => {
  const results = await Promise.allSettled([save('ada', 'By Ada', null), save('ben', 'By Ben', null)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await draftNow()).not.toBeNull()
})

test('a page that was open while others published cannot bring its old words back unasked', async () => {
  const draft = await save('ada', 'By Ada', null)
  expect(await publish('ada', draft.version)).toMatchObject({ revision: 1 })
  expect(await newestRevision(service.ctx.db, template, 'published')).toMatchObject({
    author: 'ada',
    revision: 1,
  })
  expect(await draftNow()).toBeNull()
  // Ben's page still shows the draft, or the words before it.
  await expect(save('ben', 'By Ben', draft.version)).rejects.toThrow(
    'ada published or discarded another version',
  )
  await expect(save('ben', 'By Ben', null, 0)).rejects.toThrow('ada published another version')
  await expect(publish('ben', draft.version)).rejects.toMatchObject({ code: 'conflict' })
  // Asked, he may.
  await save('ben', 'By Ben', null, 1)
  expect(await draftNow()).toMatchObject({ base: 1, author: 'ben' })
})

test('a draft that was begun before somebody rolled back is published only over what is in force now', async () => {
  const first = await save('ada', 'By Ada', null)
  await publish('ada', first.version)
  const second = await save('ben', 'By Ben', null, 1)
  await rollbackCopy(service.ctx, { template, to: 0, note: null, actor: 'ada' })
  await expect(publish('ben', second.version)).rejects.toMatchObject({ code: 'conflict' })
  expect(await draftNow()).toMatchObject({ version: second.version })
  expect(await publish('ben', second.version, 0)).toMatchObject({ revision: 2 })
})

test('a draft is published once, as it was checked', async () => {
  const draft = await save('ada', 'By Ada', null)
  const results = await Promise.allSettled([publish('ada', draft.version), publish('ben', draft.version)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await audit()).filter((line) => line.includes('publish-copy'))).toHaveLength(1)
})

test('a draft is thrown away only as it was seen', async () => {
  const first = await save('ada', 'By Ada', null)
  const second = await save('ada', 'By Ada again', first.version)
  await expect(
    discardDraft(service.ctx, { subject, version: first.version, actor: 'ben' }),
  ).rejects.toMatchObject({
    code: 'conflict',
  })
  await discardDraft(service.ctx, { subject, version: second.version, actor: 'ben' })
  expect(await draftNow()).toBeNull()
  expect(await audit()).toContain(`ben discard-draft ${subject}`)
})
