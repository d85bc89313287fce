import { randomUUID } from 'node:crypto'
import { templates } from '../../emails/index.ts'
import { saveCopy } from '../../src/actions/save-copy.ts'
import { openService, type Service } from '../../src/cli/wire.ts'
import type { TestService } from '../support/service.ts'

export const template = 'lock-up'
export const actor = 'test'

/** The words in code under another subject. */
export const words = (subject: string) => ({ ...templates[template].defaults, subject })

/** Saves a draft and returns its number. */
export async function draft({ ctx }: Service, subject: string, basedOn = 0): Promise<number> {
  const saved = await saveCopy(ctx, { template, copy: words(subject), basedOn, note: null, actor })
  return saved.draft.revision
}

/** Another process on the same database, with queues of its own: nobody works on what it asks for. */
export async function another(service: TestService, log = service.ctx.log): Promise<Service> {
  const { config, clock } = service.ctx
  const options = { config, databaseUrl: service.databaseUrl, resendUrl: service.sandbox.url, log }
  return openService({ ...options, queuePrefix: `{test-${randomUUID()}}` }, { clock })
}
