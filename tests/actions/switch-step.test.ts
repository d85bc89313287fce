import { afterEach, beforeEach, expect, test } from 'vitest'
import { switchStep } from '../../src/actions/switch-step.ts'
import { nextDueAt } from '../../src/store/deliveries.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'

let service: TestService
beforeEach(async () => {
  service = await createTestService()
  await service.addSource({})
})
afterEach(() => service.stop())

const switchTo = (step: string, on: boolean, sequence = 'back-spasms') =>
  switchStep(service.ctx, { sequence, step, on, actor: 'test' })

async function lessonsOf(email: string): Promise<(string | undefined)[]> {
  for (;;) {
    await service.idle()
    const next = await nextDueAt(service.ctx.db)
    if (!next) break
    service.clock.jumpTo(next)
    service.ctx.wake()
  }
  return service.sandbox
    .emails()
    .filter(({ to }) => to.includes(email))
    .map(({ tags }) => tags.step)
}

test('a step that is off is left out for new enrollments, and kept by those that run', async () => {
  await submitForm(service, { email: 'before@lead.example' })
  await switchTo('lesson-2', false)
  await switchTo('lesson-5', false)
  await switchTo('lesson-5', true)
  await submitForm(service, { email: 'after@lead.example' })
  await service.startWorker()
  const all = [1, 2, 3, 4, 5, 6, 7].map((number) => `lesson-${number}`)
  expect(await lessonsOf('after@lead.example')).toEqual(all.filter((step) => step !== 'lesson-2'))
  expect(await lessonsOf('before@lead.example')).toEqual(all)
})

test('the first step stays, and a name that nobody knows is refused', async () => {
  await expect(switchTo('lesson-1', false)).rejects.toMatchObject({ code: 'conflict' })
  await expect(switchTo('lesson-9', false)).rejects.toMatchObject({ code: 'not-found' })
  await expect(switchTo('lesson-2', false, 'toString')).rejects.toMatchObject({ code: 'not-found' })
})
