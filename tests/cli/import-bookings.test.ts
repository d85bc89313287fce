import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bookings } from '../../drizzle/schema/index.ts'
import { type ImportReport, importBookings } from '../../src/cli/import-bookings.ts'
import { settle, storyOf } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService, testStart } from '../support/service.ts'

let service: TestService
let folder: string
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
  service.sandbox.setWebhook(null)
  folder = await mkdtemp(join(tmpdir(), 'nurture-import-'))
})
afterAll(async () => {
  await service?.stop()
  await rm(folder, { recursive: true })
})

let files = 0
type Options = { tool?: string; dryRun?: boolean; madeAt?: Date }
async function take(text: string, { tool = 'jane', dryRun = false, madeAt = testStart }: Options = {}) {
  const file = join(folder, `list-${++files}.csv`)
  await writeFile(file, text)
  await utimes(file, madeAt, madeAt)
  const report = await importBookings(service.ctx, { file, tool, dryRun, progress: () => {} })
  const { errorFile, ...counts } = report
  return { counts: only(counts), errors: await readFile(errorFile, 'utf8').catch(() => null) }
}
const only = (counts: Omit<ImportReport, 'errorFile'>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))

const lead = async (email: string, fields: Record<string, string> = {}) => {
  await submitForm(service, { email, ...fields })
  await settle(service)
}
const stateOf = async (email: string) => {
  const { enrollments, bookings: theirs } = await storyOf(service, email)
  return { status: enrollments[0]!.status, bookings: theirs.length }
}
const rows = () => service.ctx.db.select().from(bookings).orderBy(bookings.id)

describe('a CSV list of appointments', () => {
  test('stops those it names, by address or phone number, in the clinic’s own time', async () => {
    await lead('a@lead.example')
    await lead('b@lead.example', { phone: '610-555-0121' })
    await lead('c@lead.example')
    const list = [
      '\ufeffAppointment ID;Patient Email;Mobile Phone;Date;Start Time;State',
      '1;A@Lead.Example;;3/9/2026;10:00 AM;Booked',
      '2;;(610) 555-0121;"March 9, 2026";14:30;Arrived',
      '3;new@lead.example;;2026-03-09;09:00;confirmed',
    ].join('\r\n')
    expect((await take(list, { dryRun: true })).counts).toEqual({ lines: 3, recorded: 2, kept: 1 })
    expect(await rows()).toEqual([])
    expect(await take(list)).toEqual({ counts: { lines: 3, recorded: 2, kept: 1 }, errors: null })
    expect(await stateOf('a@lead.example')).toEqual({ status: 'stopped', bookings: 1 })
    expect(await stateOf('b@lead.example')).toEqual({ status: 'stopped', bookings: 1 })
    expect(await stateOf('c@lead.example')).toEqual({ status: 'active', bookings: 0 })
    expect((await rows()).map(({ tool, startsAt }) => [tool, startsAt?.toISOString()])).toEqual([
      ['jane', '2026-03-09T14:00:00.000Z'],
      ['jane', '2026-03-09T18:30:00.000Z'],
      ['jane', '2026-03-09T13:00:00.000Z'],
    ])
    const before = await rows()
    expect((await take(list)).counts).toEqual({ lines: 3, unchanged: 3 })
    expect((await take(list, { madeAt: new Date(testStart.getTime() + 60_000) })).counts).toEqual({
      lines: 3,
      unchanged: 3,
    })
    expect(await rows()).toEqual(before)
    // Who was kept is found once a form comes.
    await lead('new@lead.example')
    expect((await storyOf(service, 'new@lead.example')).captures).toMatchObject([{ outcome: 'booked' }])
    expect((await take(list)).counts).toEqual({ lines: 3, unchanged: 3 })
  })

  test('a newer list cancels, an older one changes nothing any more', async () => {
    await lead('d@lead.example')
    const list = (state: string) =>
      `id,email,starts_at,status\n10,d@lead.example,2026-03-10T15:00:00Z,${state}\n`
    const hour = (count: number) => ({ madeAt: new Date(testStart.getTime() - count * 3_600_000) })
    expect((await take(list('booked'), hour(3))).counts).toEqual({ lines: 1, recorded: 1 })
    expect((await take(list('Cancelled'), hour(1))).counts).toEqual({ lines: 1, recorded: 1 })
    expect((await take(list('booked'), hour(2))).counts).toEqual({ lines: 1, unchanged: 1 })
    const { bookings: theirs, enrollments } = await storyOf(service, 'd@lead.example')
    expect(theirs).toMatchObject([{ status: 'cancelled' }])
    expect(enrollments.map(({ sequence }) => sequence)).toEqual(['back-spasms', 'rebook'])
  })

  test('without ids the person and the time stand for one, and neither can be read from it', async () => {
    await lead('e@lead.example')
    const list = 'email,date,time\ne@lead.example,2026-03-11,10:00\ne@lead.example,2026-03-12,10:00\n'
    expect((await take(list, { tool: 'plain' })).counts).toEqual({ lines: 2, recorded: 2 })
    expect((await take(list, { tool: 'plain' })).counts).toEqual({ lines: 2, unchanged: 2 })
    const plain = (await rows()).filter(({ tool }) => tool === 'plain')
    for (const { externalId } of plain) expect(externalId).toMatch(/^row:[0-9a-f]{32}$/)
  })

  test('visits before the form, and of strangers in the past, stand against nothing', async () => {
    await lead('f@lead.example')
    const list = 'email,date\nf@lead.example,2024-05-01\nold@lead.example,2024-05-01\n'
    expect((await take(list)).counts).toEqual({ lines: 2, past: 2 })
    expect(await stateOf('f@lead.example')).toEqual({ status: 'active', bookings: 0 })
    await lead('old@lead.example')
    expect(await stateOf('old@lead.example')).toEqual({ status: 'active', bookings: 0 })
  })

  test('a number of two leads goes to a person', async () => {
    for (const email of ['g@lead.example', 'h@lead.example']) await lead(email, { phone: '+16105550122' })
    const list = 'phone,date\n+16105550122,2026-03-12\n'
    expect((await take(list)).counts).toEqual({ lines: 1, doubtful: 1 })
    expect((await take(list)).counts).toEqual({ lines: 1, unchanged: 1 })
  })

  test('what is wrong with a line stands in a file beside it, and says nothing of anybody', async () => {
    const { counts, errors } = await take(
      [
        'email,phone,date,status',
        'pat at example,,2026-03-12,booked',
        ',,2026-03-12,booked',
        'i@lead.example,,soon,booked',
        'i@lead.example,,13/13/2026,booked',
        'i@lead.example,,2026-03-12,maybe "so"',
        'i@lead.example,,2026-03-12,booked',
        'i@lead.example,,2026-03-13,"booked',
      ].join('\n'),
    )
    expect(counts).toEqual({ lines: 7, kept: 1, failed: 6 })
    expect(errors?.split('\n').map((line) => line.slice(0, 44))).toEqual([
      'line,reason',
      '2,"neither address nor phone number is valid',
      '3,"has no address and no phone number"',
      '4,"the date cannot be read: use 2026-03-09 1',
      '5,"the date cannot be read: use 2026-03-09 1',
      '6,"the status is not known: use booked, canc',
      '8,"is not a line of CSV"',
      '',
    ])
    expect(errors).not.toMatch(/pat|lead\.example/)
  })

  test.each([
    ['no time', 'email,name\na@lead.example,Pat\n', 'unmappable'],
    ['no person', 'date,name\n2026-03-12,Pat\n', 'unmappable'],
    ['nothing', '', 'unmappable'],
  ])('a file with %s is refused', async (_, text, code) => {
    await expect(take(text)).rejects.toMatchObject({ code })
  })

  test('a missing file and a tool of no name are refused', async () => {
    const options = { dryRun: false, progress: () => {} }
    const missing = { ...options, file: join(folder, 'none.csv'), tool: 'csv' }
    await expect(importBookings(service.ctx, missing)).rejects.toMatchObject({ code: 'not-found' })
    await expect(take('email,date\n', { tool: 'front-desk' })).rejects.toMatchObject({ code: 'config' })
  })

  test('a long one costs no memory, and says how far it is', async () => {
    const line = (at: number) => `${at},stranger-${at}@lead.example,2024-05-01 10:00,${'x'.repeat(4_000)}`
    const file = join(folder, 'long.csv')
    await writeFile(
      file,
      ['id,email,date,note', ...Array.from({ length: 2_000 }, (_, at) => line(at))].join('\n'),
    )
    expect((await stat(file)).size).toBeGreaterThan(8_000_000)
    const seen: number[] = []
    const start = process.memoryUsage().arrayBuffers
    let most = 0
    const progress = (lines: number) => {
      seen.push(lines)
      most = Math.max(most, process.memoryUsage().arrayBuffers - start)
    }
    const report = await importBookings(service.ctx, { file, tool: 'long', dryRun: false, progress })
    expect(report).toMatchObject({ lines: 2_000, past: 2_000, failed: 0 })
    expect(seen).toEqual([1_000, 2_000])
    expect(most).toBeLessThan(6_000_000)
  })
})
