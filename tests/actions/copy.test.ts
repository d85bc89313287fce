import { afterEach, beforeEach, expect, test } from 'vitest'
import { publishCopy } from '../../src/actions/publish-copy.ts'
import { refreshCopy } from '../../src/actions/refresh-copy.ts'
import { rollbackCopy } from '../../src/actions/rollback-copy.ts'
import { saveCopy } from '../../src/actions/save-copy.ts'
import type { Service } from '../../src/cli/wire.ts'
import { findRevision, listRevisions } from '../../src/store/revisions.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { actor, another, draft, template, words } from './copy-support.ts'

let service: TestService
const others: Service[] = []
beforeEach(async () => {
  service = await createTestService()
  await service.addSource({})
})
afterEach(async () => {
  for (const other of others.splice(0)) await other.close()
  await service.stop()
})

const statuses = async () =>
  (await listRevisions(service.ctx.db, template)).map(({ revision, status }) => `${revision} ${status}`)

test('of two who publish at once one wins, and the other is told what happened', async () => {
  const other = await another(service)
  others.push(other)
  let inForce = 0
  for (let round = 0; round < 8; round++) {
    const [mine, theirs] = [await draft(service, 'Mine', inForce), await draft(service, 'Theirs', inForce)]
    const done = await Promise.allSettled([
      publishCopy(service.ctx, { template, revision: mine, actor }),
      publishCopy(other.ctx, { template, revision: theirs, actor }),
    ])
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = done.find((result) => result.status === 'rejected')?.reason as Error & { code: string }
    expect(lost.code).toBe('conflict')
    inForce = done[0]!.status === 'fulfilled' ? mine : theirs
    expect(lost.message).toContain(`in force is revision ${inForce}`)
    expect((await statuses()).filter((line) => line.endsWith('published'))).toEqual([`${inForce} published`])
  }
})

test('a draft that began from older words is published only by saying so', async () => {
  const [first, second] = [await draft(service, 'First'), await draft(service, 'Second')]
  await publishCopy(service.ctx, { template, revision: first, actor })
  const late = publishCopy(service.ctx, { template, revision: second, actor })
  await expect(late).rejects.toThrow(`--over ${first}`)
  await publishCopy(service.ctx, { template, revision: second, over: first, actor })
  expect(await statuses()).toEqual(['2 published', '1 retired'])
  await expect(publishCopy(service.ctx, { template, revision: second, actor })).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('rolling back publishes earlier words as a new revision; 0 goes back to the code', async () => {
  await publishCopy(service.ctx, { template, revision: await draft(service, 'First'), actor })
  await publishCopy(service.ctx, { template, revision: await draft(service, 'Second', 1), actor })
  expect(await rollbackCopy(service.ctx, { template, to: 1, note: null, actor })).toMatchObject({
    revision: 3,
  })
  expect(await statuses()).toEqual(['3 published', '2 retired', '1 retired'])
  expect(await findRevision(service.ctx.db, template, 3)).toMatchObject({
    copy: words('First'),
    note: 'as revision 1',
    baseRevision: 2,
  })
  await rollbackCopy(service.ctx, { template, to: 0, note: null, actor })
  await refreshCopy(service.ctx)
  expect(service.ctx.published.size).toBe(0)
  const again = rollbackCopy(service.ctx, { template, to: 0, note: null, actor })
  await expect(again).rejects.toMatchObject({ code: 'conflict' })
  await draft(service, 'Never published')
  const toDraft = rollbackCopy(service.ctx, { template, to: 4, note: null, actor })
  await expect(toDraft).rejects.toMatchObject({ code: 'not-found' })
})

test('who did what stays in the audit log', async () => {
  const revision = await draft(service, 'First')
  await publishCopy(service.ctx, { template, revision, actor })
  await rollbackCopy(service.ctx, { template, to: 0, note: null, actor: 'someone' })
  const { rows } = await service.ctx.db.execute(
    `select actor, action, detail ->> 'revision' as revision from audit_log order by id`,
  )
  expect(rows).toEqual([
    { actor, action: 'save-copy', revision: '1' },
    { actor, action: 'publish-copy', revision: '1' },
    { actor: 'someone', action: 'rollback-copy', revision: '0' },
  ])
})

test('words that do not fit are not saved, and words that must not go out are not published', async () => {
  const { ctx } = service
  const unfit = saveCopy(ctx, {
    template,
    copy: { ...words('x'), title: '{{age}}' },
    basedOn: 0,
    note: null,
    actor,
  })
  await expect(unfit).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'title' }] })
  const revision = await draft(service, 'About your pain')
  const refused = publishCopy(ctx, { template, revision, actor })
  await expect(refused).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'subject' }] })
  expect(await statuses()).toEqual(['1 draft'])
})

test('two who save at once get numbers of their own', async () => {
  const numbers = await Promise.all(Array.from({ length: 6 }, (_, at) => draft(service, `Draft ${at}`)))
  expect(numbers.sort()).toEqual([1, 2, 3, 4, 5, 6])
})
