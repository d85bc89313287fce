import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { cast } from '../../src/demo/cast.ts'
import { differences, type Seen } from '../../src/demo/check.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs the command as a stranger types it, with nothing in the environment. */
function npmRunDemo(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn('npm', ['run', 'demo'], {
    cwd: root,
    env: { PATH, HOME, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

/** The lines under a heading, up to the next empty one. */
function sectionOf(output: string, heading: string): string[] {
  const lines = output.split('\n')
  const start = lines.findIndex((line) => line.startsWith(heading))
  const rest = lines.slice(start + 1)
  const end = rest.indexOf('')
  return start < 0 ? [] : rest.slice(0, end < 0 ? undefined : end)
}

test(
  'npm run demo plays four leads to the ends that were written down for them',
  { timeout: 180_000 },
  async () => {
    const { code, stdout, stderr } = await npmRunDemo()
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining('All as expected'),
      expect.any(String),
    ])
    expect(stdout).not.toContain('NOT as expected')

    // Local times as people write them, set down here by hand.
    const alex = sectionOf(stdout, 'Alex Everly (America/New_York)').join('\n')
    for (const line of [
      /Wed,? 4 Mar 2026, 10:00 EST\s+lesson-1 delivered/,
      /Thu,? 5 Mar 2026, 10:00 EST\s+lesson-2 delivered/,
      /Mon,? 9 Mar 2026, 08:00 EDT\s+lesson-3 delivered/,
      /Mon,? 30 Mar 2026, 08:00 EDT\s+lesson-7 delivered/,
      /finished/,
    ])
      expect(alex).toMatch(line)
    const blair = sectionOf(stdout, 'Blair Booker (America/Los_Angeles)').join('\n')
    expect(blair).toMatch(/Thu,? 5 Mar 2026, 08:00 PST\s+lesson-2 delivered/)
    expect(blair).toMatch(/stopped: booked/)
    expect(blair).toMatch(/lesson-4 cancelled \(booked\)/)
    expect(sectionOf(stdout, 'Casey Quitter').join('\n')).toMatch(/stopped: unsubscribed/)
    const drew = sectionOf(stdout, 'Drew Bounce').join('\n')
    expect(drew).toMatch(/lesson-1 bounced/)
    expect(drew).toMatch(/stopped: bounced/)

    const index = /Every mail, as HTML and text: (\S+)/.exec(stdout)![1]!
    expect(existsSync(index)).toBe(true)
    const links = [...readFileSync(index, 'utf8').matchAll(/href="([^"]+)"/g)].map((match) => match[1]!)
    // 13 lessons and four alerts, each as HTML and as text.
    expect(links).toHaveLength(2 * 17)
    for (const link of links) expect(readFileSync(index.replace('index.html', link), 'utf8')).not.toBe('')
  },
)

describe('the demo’s own check', () => {
  const member = cast.find(({ expected }) => expected.mails.length === 3)!
  const timeZone = 'America/Los_Angeles'
  const right: Seen = {
    acceptedAt: [
      new Date('2026-03-04T15:00:00Z'),
      new Date('2026-03-05T16:00:00Z'),
      new Date('2026-03-09T15:00:00Z'),
    ],
    ended: 'stopped: booked',
    timeZone,
  }

  test('finds nothing when all is as expected', () => {
    expect(differences(member, right)).toEqual([])
  })

  test('reports a missing mail', () => {
    expect(differences(member, { ...right, acceptedAt: right.acceptedAt.slice(0, 2) })).toEqual([
      'Blair, mail 3: expected Mon 2026-03-09 08:00, got no mail',
    ])
    expect(differences(member, { ...right, acceptedAt: [] })).toHaveLength(3)
  })

  test('reports an extra mail', () => {
    const acceptedAt = [...right.acceptedAt, new Date('2026-03-12T15:00:00Z')]
    expect(differences(member, { ...right, acceptedAt })).toEqual([
      'Blair, mail 4: expected no mail, got Thu 2026-03-12 08:00',
    ])
  })

  test('reports a wrong time, by a minute, by a day, or by the hour that daylight saving moves', () => {
    const [first, second, third] = right.acceptedAt as [Date, Date, Date]
    for (const off of [60_000, 86_400_000, 3_600_000, -3_600_000]) {
      const late = new Date(third.getTime() + off)
      expect(differences(member, { ...right, acceptedAt: [first, second, late] })).toHaveLength(1)
    }
    expect(differences(member, { ...right, timeZone: 'America/New_York' })).toHaveLength(3)
  })

  test('reports a wrong end', () => {
    for (const ended of ['finished', 'active', 'stopped: unsubscribed', ''])
      expect(differences(member, { ...right, ended })).toEqual([
        `Blair: expected to end as "stopped: booked", ended as "${ended}"`,
      ])
  })
})
