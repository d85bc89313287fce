import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { templates } from '../../emails/index.ts'
import { countingMails } from '../../src/actions/counting-mails.ts'
import { previewCopy } from '../../src/actions/preview-copy.ts'
import { publishCopy } from '../../src/actions/publish-copy.ts'
import { readMail } from '../../src/actions/read-mail.ts'
import { saveCopy } from '../../src/actions/save-copy.ts'
import { switchStep } from '../../src/actions/switch-step.ts'
import { emailKey } from '../../src/core/email-address.ts'
import { nextDueAt } from '../../src/store/due-deliveries.ts'
import { findLeadByEmail } from '../../src/store/leads.ts'
import { findStepsOff } from '../../src/store/switched-steps.ts'
import { readTimeline } from '../../src/store/timeline.ts'
import { submitForm } from '../support/forms.ts'
import { backends, createTestService, isMissing, type TestService } from '../support/service.ts'

const all = [1, 2, 3, 4, 5, 6, 7].map((number) => `lesson-${number}`)

for (const backend of backends)
  describe.skipIf(isMissing(backend))(`steps that are switched on ${backend}`, () => {
    let service: TestService
    beforeEach(async () => {
      service = await createTestService({ backend })
      await service.addSource({})
    })
    afterEach(() => service?.stop())

    const switchTo = (step: string, on: boolean, sequence = 'back-spasms') =>
      switchStep(service.ctx, { sequence, step, on, actor: 'test' })

    /** Lets all mail go out, and returns each of one lead's with the place that it names and the bars that it draws. */
    async function lessonsOf(email: string) {
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
        .map(({ tags, text, html }) => ({ step: tags.step, ...partsOf({ text: text!, html: html! }) }))
    }

    const partsOf = ({ text, html }: { text: string; html: string }) => ({
      named: /Part \d+ of \d+/.exec(text)?.[0],
      bars: (html.match(/width="6" height="22"/g) ?? []).length,
    })
    const asWhole = (steps: string[]) =>
      steps.map((step, at) => ({ step, named: `Part ${at + 1} of ${steps.length}`, bars: steps.length }))

    test('two that are switched at the same time are both off', async () => {
      await Promise.all(['lesson-2', 'lesson-4', 'lesson-6'].map((step) => switchTo(step, false)))
      expect((await findStepsOff(service.ctx.db, 'back-spasms')).sort()).toEqual([
        'lesson-2',
        'lesson-4',
        'lesson-6',
      ])
    })

    test('one that is off is left out for new enrollments, whose mails count without it; those that run keep it', async () => {
      await submitForm(service, { email: 'before@lead.example' })
      await switchTo('lesson-2', false)
      await switchTo('lesson-5', false)
      await switchTo('lesson-5', true)
      await submitForm(service, { email: 'after@lead.example' })
      await switchTo('lesson-2', true)
      await submitForm(service, { email: 'later@lead.example' })
      await service.startWorker()
      expect(await lessonsOf('after@lead.example')).toEqual(
        asWhole(all.filter((step) => step !== 'lesson-2')),
      )
      expect(await lessonsOf('before@lead.example')).toEqual(asWhole(all))
      expect(await lessonsOf('later@lead.example')).toEqual(asWhole(all))
    })

    test('mails whose words count by themselves are named, and none does in code', async () => {
      expect(await countingMails(service.ctx, 'back-spasms')).toEqual([])
      const template = 'four-patterns'
      const copy = { ...templates[template].defaults, eyebrow: 'Part 3 of 7' }
      const { draft } = await saveCopy(service.ctx, { template, copy, basedOn: 0, note: null, actor: 'test' })
      await publishCopy(service.ctx, { template, revision: draft.revision, actor: 'test' })
      expect(await countingMails(service.ctx, 'back-spasms')).toMatchObject([
        { template, field: 'eyebrow', message: expect.stringContaining('Part 3 of 7') as string },
      ])
    })

    test('the first step stays, and a name that nobody knows is refused', async () => {
      await expect(switchTo('lesson-1', false)).rejects.toMatchObject({ code: 'conflict' })
      await expect(switchTo('lesson-9', false)).rejects.toMatchObject({ code: 'not-found' })
      await expect(switchTo('lesson-2', false, 'toString')).rejects.toMatchObject({ code: 'not-found' })
    })

    test('a preview and a mail that waits count as their lead’s own sequence does', async () => {
      const leadOf = async (email: string) => (await findLeadByEmail(service.ctx.db, emailKey(email)))!.id
      await submitForm(service, { email: 'before@lead.example' })
      await switchTo('lesson-2', false)
      await submitForm(service, { email: 'after@lead.example' })
      const [before, after] = [await leadOf('before@lead.example'), await leadOf('after@lead.example')]
      const seenBy = async (template: string, reader: 'sample' | { leadId: string }) => {
        const of = { template, choice: 'in-force', reader, topical: null } as const
        return partsOf(await previewCopy(service.ctx, of)).named
      }
      expect(await seenBy('four-patterns', 'sample')).toBe('Part 2 of 6')
      expect(await seenBy('four-patterns', { leadId: after })).toBe('Part 2 of 6')
      expect(await seenBy('four-patterns', { leadId: before })).toBe('Part 3 of 7')
      // Nobody new gets it: it is seen as it stands in code, or as those get it who still do.
      expect(await seenBy('why-scans-miss', 'sample')).toBe('Part 2 of 7')
      expect(await seenBy('why-scans-miss', { leadId: before })).toBe('Part 2 of 7')
      for (const [leadId, named] of [
        [before, 'Part 1 of 7'],
        [after, 'Part 1 of 6'],
      ] as const) {
        const { deliveries } = await readTimeline(service.ctx.db, leadId)
        const mail = await readMail(service.ctx, { leadId, deliveryId: deliveries[0]!.id })
        expect([mail.copy, partsOf(mail).named]).toEqual(['today', named])
      }
    })
  })
