import { afterEach, expect, test, vi } from 'vitest'
import { templates } from '../../emails/index.ts'
import { publishCopy } from '../../src/actions/publish-copy.ts'
import { refreshCopy } from '../../src/actions/refresh-copy.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import type { Service } from '../../src/cli/wire.ts'
import { unpackEnvelope } from '../../src/store/envelope-codec.ts'
import { readHealth } from '../../src/store/health.ts'
import { insertRevision, publishRevision } from '../../src/store/revisions.ts'
import { submitForm } from '../support/forms.ts'
import { type Backend, backends, createTestService, isMissing, type TestService } from '../support/service.ts'
import { actor, another, draft, template, words } from './copy-support.ts'

let service: TestService
const others: Service[] = []
afterEach(async () => {
  for (const other of others.splice(0)) await other.close()
  await service?.stop()
})

async function open(backend: Backend = 'postgres'): Promise<void> {
  service = await createTestService({ backend })
  await service.addSource({})
}

const sealedSubject = async (): Promise<string> => {
  const { rows } = await service.ctx.db.execute<{ body: Buffer }>(
    `select body from dispatches order by sealed_at desc, id desc limit 1`,
  )
  const mails = JSON.parse((await unpackEnvelope(rows[0]!.body)).toString()) as { subject: string }[]
  return mails[0]!.subject
}

for (const backend of backends)
  test.skipIf(isMissing(backend))(
    `on ${backend}, a published revision is used from the next tick on in every worker, and sealed mail stays as it was`,
    async () => {
      await open(backend)
      const other = await another(service)
      others.push(other)
      await submitForm(service, { email: 'one@lead.example' })
      await runTick(service.ctx)
      expect(await sealedSubject()).toBe(templates[template].defaults.subject)

      expect(
        await publishCopy(service.ctx, { template, revision: await draft(service, 'A new start'), actor }),
      ).toEqual([])
      expect(await sealedSubject()).toBe(templates[template].defaults.subject)
      await submitForm(service, { email: 'two@lead.example' })
      await runTick(other.ctx)
      expect(await sealedSubject()).toBe('A new start')

      await service.startWorker()
      await service.idle()
      const subjects = service.sandbox.emails().map(({ to, subject }) => `${to[0]} ${subject}`)
      expect(subjects).toContain(`one@lead.example ${templates[template].defaults.subject}`)
      expect(subjects).toContain('two@lead.example A new start')
    },
  )

test('a published revision that no longer fits gives way to the code, with a warning and a line in health', async () => {
  await open()
  const { ctx } = service
  const old = { ...words('Old'), subject: undefined, headline: 'A field that is gone' }
  const row = { template, copy: old, author: 'test', note: null, baseRevision: 0 }
  await insertRevision(ctx.db, row, ctx.clock.now())
  await publishRevision(ctx.db, { template, revision: 1, over: 0 }, ctx.clock.now())
  const log = Object.assign(Object.create(ctx.log) as typeof ctx.log, { warn: vi.fn() })
  const other = await another(service, log)
  others.push(other)
  expect(log.warn).toHaveBeenCalledWith(
    expect.objectContaining({ template, revision: 1 }),
    expect.any(String),
  )
  expect((await readHealth(ctx.db, ctx.clock.now(), null)).copyNotUsed).toMatchObject([
    { template, revision: 1 },
  ])
  await submitForm(service, { email: 'one@lead.example' })
  await runTick(other.ctx)
  expect(await sealedSubject()).toBe(templates[template].defaults.subject)
  // Mended by the next publication, and health forgets it.
  await publishCopy(ctx, { template, revision: await draft(service, 'Mended', 1), actor })
  expect((await readHealth(ctx.db, ctx.clock.now(), null)).copyNotUsed).toEqual([])
})

test('words in force are read once, and not again until something is published', async () => {
  await open()
  const { ctx } = service
  await publishCopy(ctx, { template, revision: await draft(service, 'First'), actor })
  await refreshCopy(ctx)
  const held = ctx.published.get(template)
  await ctx.db.execute(`update template_revisions set copy = '{}'`)
  await refreshCopy(ctx)
  expect(ctx.published.get(template)).toBe(held)
  expect(held?.copy).toEqual(words('First'))
})
