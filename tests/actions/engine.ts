import { asc, sql } from 'drizzle-orm'
import { deliveries, dispatches, enrollments, leads } from '../../drizzle/schema/index.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { sealDue } from '../../src/actions/seal-due.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import type { Context } from '../../src/context.ts'
import { nextDueAt } from '../../src/store/due-deliveries.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'

/** The service without a worker: a test makes each move itself, in the order that hurts. */
export type Engine = TestService & {
  /** Leads enrolled by the form: `count` of them, their addresses `lead-0@lead.example` and on. */
  enroll(count: number, fields?: Record<string, string>): Promise<void>
  /** Seals what is due and returns the ids of the dispatches that may be attempted. */
  seal(): Promise<string[]>
  /** Seals and attempts once whatever may be attempted. */
  beat(): Promise<void>
  /** Ends every lease and back-off: as if enough wall time had gone by. */
  endWaits(): Promise<void>
  /** Jumps to the moment when the next delivery is due. */
  jumpToDue(): Promise<void>
  deliveries(): Promise<(typeof deliveries.$inferSelect)[]>
  dispatches(): Promise<(Omit<typeof dispatches.$inferSelect, 'body'> & { hasBody: boolean })[]>
  enrollments(): Promise<(typeof enrollments.$inferSelect)[]>
  leads(): Promise<(typeof leads.$inferSelect)[]>
  outcomes(): Promise<(string | null)[]>
}

export const addressOf = (number: number) => `lead-${number}@lead.example`

export async function createEngine(
  options: { overrides?: Partial<Context>; env?: Record<string, string>; events?: boolean } = {},
): Promise<Engine> {
  const service = await createTestService({
    ...(options.env ? { env: options.env } : {}),
    ...(options.overrides ? { overrides: options.overrides } : {}),
  })
  if (!options.events) service.sandbox.setWebhook(null)
  await service.addSource({})
  const { db } = service.ctx
  return {
    ...service,
    async enroll(count, fields = {}) {
      for (let number = 0; number < count; number++) {
        const { status } = await submitForm(service, { email: addressOf(number), ...fields })
        if (status >= 400) throw new Error(`The form was answered with ${status}`)
      }
    },
    async seal() {
      await sealDue(service.ctx)
      const rows = await db.select({ id: dispatches.id, status: dispatches.status }).from(dispatches)
      return rows.filter(({ status }) => status === 'sealed').map(({ id }) => id)
    },
    async beat() {
      for (const { id } of (await runTick(service.ctx)).dispatches) await sendDispatch(service.ctx, id)
    },
    async endWaits() {
      await db.execute(sql`update dispatches set next_attempt_at = null, lease_until = null`)
      await db.execute(sql`delete from settings where key = 'rest'`)
    },
    async jumpToDue() {
      service.clock.jumpTo((await nextDueAt(db))!)
    },
    deliveries: () => db.select().from(deliveries).orderBy(asc(deliveries.id)),
    async dispatches() {
      const rows = await db.select().from(dispatches).orderBy(asc(dispatches.id))
      return rows.map(({ body, ...row }) => ({ ...row, hasBody: body !== null }))
    },
    enrollments: () => db.select().from(enrollments).orderBy(asc(enrollments.id)),
    leads: () => db.select().from(leads).orderBy(asc(leads.id)),
    async outcomes() {
      const { rows } = await db.execute<{ outcome: string | null }>(
        sql`select outcome from attempts order by started_at, fence`,
      )
      return rows.map(({ outcome }) => outcome)
    },
  }
}

/** The process dies in its call, a day goes by, and the envelope is parked: nobody knows whether it went out. */
export async function parkUnknown(engine: Engine, id: string): Promise<void> {
  await sendDispatch({ ...engine.ctx, mailer: deadMailer() }, id).catch(() => {})
  engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 24 * 3_600_000))
  await engine.endWaits()
  await engine.beat()
}

/** An answer that no test gave: the process died before it came. */
export const deadMailer = (): Context['mailer'] => ({
  sendBatch: () => Promise.reject(new Error('the process died')),
  sendOne: () => Promise.reject(new Error('the process died')),
  findTaken: () => Promise.reject(new Error('the process died')),
  readReceived: () => Promise.reject(new Error('the process died')),
})
