import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Queues } from '../../jobs/queues.ts'
import type { Mailer } from '../../src/mail/mailer.ts'

/** Where a process can be cut off. Found from outside, by the statements it sends and the calls it makes. */
export const killPoints = [
  'inside-capture',
  'after-capture',
  'inside-seal',
  'after-seal',
  'before-start',
  'after-start',
  'during-send',
  'after-send',
  'after-outcome',
  'inside-record',
  'after-record',
  'inside-open',
  'inside-replan',
  'inside-stop',
  'event-stored',
  'inside-event',
] as const
export type KillPoint = (typeof killPoints)[number]

/** Statements that mark a point; `commit` marks the end of the transaction in which they ran. */
const marks: { point: KillPoint; text: RegExp; when: 'before' | 'after' | 'commit' }[] = [
  { point: 'inside-capture', text: /insert into "captures"/i, when: 'after' },
  { point: 'after-capture', text: /insert into "captures"/i, when: 'commit' },
  { point: 'inside-seal', text: /insert into "dispatches"/i, when: 'after' },
  { point: 'before-start', text: /insert into attempts/i, when: 'before' },
  { point: 'after-outcome', text: /^update "attempts" set "outcome"/i, when: 'after' },
  // Its commit travels right behind it: what is cut here has locked and ended its dispatch, and nothing more.
  { point: 'inside-record', text: /update "deliveries" d set/i, when: 'before' },
  { point: 'after-record', text: /update "deliveries" d set/i, when: 'commit' },
  { point: 'inside-open', text: /case e\.status when 'active'/i, when: 'after' },
  { point: 'inside-replan', text: /^update "deliveries" set "due_at"/i, when: 'after' },
  { point: 'inside-stop', text: /^update "enrollments" set "status" = \$1, "stop_reason"/i, when: 'after' },
  { point: 'event-stored', text: /^insert into "provider_events"/i, when: 'after' },
  { point: 'inside-event', text: /set proven = /i, when: 'after' },
]

export type Armed = { point: KillPoint; nth: number } | null

/** A point before which a share of statements is held back for so long. */
export type Slow = { at: KillPoint; ms: number; share: number }

export type KillSwitch = {
  mailer(mailer: Mailer): Mailer
  queues(queues: Queues): Queues
}

/** Watches this process's statements and calls; kills it without a word at the armed point's nth pass. */
export function installKillSwitch(
  armed: Armed,
  diary: string,
  pauseMs: (points: readonly KillPoint[]) => number,
): KillSwitch {
  let left = armed?.nth ?? 0
  const pass = (point: KillPoint) => {
    if (armed?.point !== point || --left > 0) return
    appendFileSync(diary, `${point}\n`)
    process.kill(process.pid, 'SIGKILL')
    // The signal takes a moment, and nothing may happen in it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
  watchStatements(pass, pauseMs)
  return {
    mailer: (mailer) => ({
      ...mailer,
      async sendBatch(key, body) {
        pass('after-start')
        const sending = mailer.sendBatch(key, body)
        const cut = setTimeout(() => pass('during-send'), Math.random() * 8)
        const result = await sending
        clearTimeout(cut)
        pass('after-send')
        return result
      },
    }),
    queues: (queues) => ({
      ...queues,
      add(name, jobs) {
        if ((name === 'first' || name === 'dispatch') && jobs.length > 0) pass('after-seal')
        return queues.add(name, jobs)
      },
    }),
  }
}

type Query = (...given: unknown[]) => unknown

let newest = 'nothing'
/** What this process asked PostgreSQL last. */
export const lastStatement = (): string => newest

function watchStatements(
  pass: (point: KillPoint) => void,
  pauseMs: (points: readonly KillPoint[]) => number,
): void {
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const send = prototype.query
  const atCommit = new WeakMap<object, KillPoint[]>()
  /** Connections with a statement that is held back: those sent behind it stay behind it. */
  const paused = new WeakMap<object, Promise<unknown>>()
  prototype.query = function query(this: object, ...given: unknown[]) {
    const [config] = given
    const text = typeof config === 'string' ? config : (config as { text?: unknown } | undefined)?.text
    if (typeof text !== 'string') return send.apply(this, given)
    newest = text
    const here = marks.filter((mark) => mark.text.test(text))
    const isPlain = here.length === 0 && text !== 'commit' && text !== 'begin'
    if (isPlain && !paused.has(this)) return send.apply(this, given)
    if (text === 'begin') atCommit.delete(this)
    for (const { point, when } of here) if (when === 'before') pass(point)
    const after = () => {
      for (const { point, when } of here) {
        if (when === 'after') pass(point)
        if (when === 'commit') atCommit.set(this, [...(atCommit.get(this) ?? []), point])
      }
      if (text === 'commit') for (const point of atCommit.get(this) ?? []) pass(point)
    }
    const wait = here.length > 0 ? pauseMs(here.map(({ point }) => point)) : 0
    if (wait > 0) {
      const pause = Promise.all([paused.get(this), sleep(wait)])
      paused.set(this, pause)
      void pause.then(() => paused.get(this) === pause && paused.delete(this))
    }
    return hook(this, send, given, after, paused.get(this))
  }
}

/** Sends a statement, after a pause if need be, and calls `after` before whoever waits for the answer goes on. */
function hook(
  client: object,
  send: Query,
  given: unknown[],
  after: () => void,
  pause: Promise<unknown> | undefined,
): unknown {
  const last = given.at(-1)
  if (typeof last === 'function') {
    const callback = last as (error: unknown, ...rest: unknown[]) => void
    const watched = (error: unknown, ...rest: unknown[]) => {
      if (!error) after()
      callback(error, ...rest)
    }
    const all = [...given.slice(0, -1), watched]
    if (!pause) return send.apply(client, all)
    void pause.then(() => send.apply(client, all))
    return undefined
  }
  const sent = pause ? pause.then(() => send.apply(client, given)) : send.apply(client, given)
  return Promise.resolve(sent).then((result) => {
    after()
    return result
  })
}
