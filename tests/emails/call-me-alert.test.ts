import { afterEach, describe, expect, test } from 'vitest'
import { requestCall } from '../../src/actions/request-call.ts'
import { backends, createTestService, isMissing, type TestService } from '../support/service.ts'
import { submitForm } from '../support/forms.ts'

let service: TestService
afterEach(() => service?.stop())

for (const backend of backends) {
  describe.skipIf(isMissing(backend))(`on ${backend}`, () => {
    test('a lead who presses “please call me” reaches the front desk as just that, with the time of asking', async () => {
      service = await createTestService({ backend })
      await service.addSource({})
      await service.startWorker()
      await submitForm(service, { email: 'pat@lead.example', first_name: 'Pat', phone: '+16105550199' })
      await service.idle()
      service.clock.jumpTo(new Date('2026-03-05T19:30:00Z'))
      const { rows } = await service.ctx.db.execute<{ id: string }>(
        'select id from deliveries order by due_at limit 1',
      )
      await requestCall(service.ctx, rows[0]!.id)
      await service.idle()
      const desk = service.sandbox.emails().filter(({ to }) => to.includes(service.ctx.config.frontDeskEmail))
      expect(desk.map(({ subject }) => subject)).toEqual([
        'New lead from Website',
        'A lead asks to be called',
      ])
      expect(desk[1]?.text).toContain('Please call this lead')
      expect(desk[1]?.text).toContain('(610) 555-0199')
      expect(desk[1]?.text).toMatch(/Asked\nThursday, March 5, 2026 at 2:30 PM/)
    })
  })
}
