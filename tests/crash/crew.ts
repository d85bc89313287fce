import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type KillPoint, killPoints } from './kill-points.ts'
import type { Random } from './random.ts'
import type { WorkerOptions } from './worker.ts'

type Child = {
  process: ChildProcess
  /** Null until it answers. */
  port: number | null
  /** What it does and since when, for who has to find out why it does not answer. */
  state: { name: 'starts' | 'works' | 'stops'; since: number }
  /** It will kill itself at some point. */
  isArmed: boolean
  /** Killed only to be out of the way: that tests nothing. */
  isCleared: boolean
  exited: Promise<void>
}

/** An armed child that works and has not come by its point after so long is killed like the others. */
const spareMs = 8_000

export type Tally = {
  /** Deaths by SIGKILL at each named point, and at random moments. */
  hits: Record<KillPoint | 'random', number>
  /** Times that a child was held by SIGSTOP for longer than a lease, and then went on where it was. */
  frozen: number
  /** Graceful ends after SIGTERM. */
  stopped: number
  /** Children that ended by themselves with an error: the engine should outlive what we do to it. */
  fell: string[]
}

/** The worker processes. Each that dies is replaced; while there are `points`, mostly by one that will kill itself. */
export class Crew {
  readonly #file: string
  readonly #options: () => Omit<WorkerOptions, 'armed' | 'diary'>
  readonly #diary: string
  readonly #random: Random
  readonly #children = new Set<Child>()
  #size = 0
  #sigkilled = 0
  #stopped = 0
  #frozen = 0
  #lastWords = ''
  readonly #thawing = new Map<Child, NodeJS.Timeout>()
  /** Points at which new children may be told to kill themselves; none: they are not. */
  points: readonly KillPoint[] = []

  constructor(
    file: string,
    diary: string,
    random: Random,
    options: () => Omit<WorkerOptions, 'armed' | 'diary'>,
  ) {
    this.#file = file
    this.#diary = diary
    this.#random = random
    this.#options = options
  }

  /** Keeps `size` children alive from now on. */
  resize(size: number): void {
    this.#size = size
    while (this.#children.size < size) this.#hire()
  }

  anyPort(): number | null {
    const ports = [...this.#children].flatMap(({ port }) => port ?? [])
    return ports.length > 0 ? ports[Math.floor(Math.random() * ports.length)]! : null
  }

  /** Resolves when as many children as wanted answer. */
  async ready(): Promise<void> {
    // A start takes a second or two; on a machine that has much else to do, a minute and more.
    for (const giveUp = Date.now() + 180_000; ; await sleep(25)) {
      if ([...this.#children].filter(({ port }) => port !== null).length >= this.#size) return
      if (Date.now() < giveUp) continue
      const states = [...this.#children].map(
        ({ state, process }) =>
          `${state.name} for ${Math.round((Date.now() - state.since) / 1_000)} s, which is ${systemState(process.pid)}`,
      )
      throw new Error(
        `The children do not start: ${states.join(', ')}. The last one said: ${this.#lastWords}`,
      )
    }
  }

  /** Kills one of those that work, if there is one. */
  killOne(signal: 'SIGKILL' | 'SIGTERM'): boolean {
    const now = Date.now()
    const isSpared = ({ isArmed, state }: Child) => isArmed && now < state.since + spareMs
    const working = [...this.#children].filter((child) => child.port !== null && !isSpared(child))
    if (working.length === 0) return false
    const child = this.#random.pick(working)
    // Forgotten at once, so that nothing is sent to it any more.
    child.port = null
    child.state = { name: 'stops', since: now }
    if (signal === 'SIGTERM') this.#stopped++
    child.process.kill(signal)
    return true
  }

  /** Holds one of those that work for a while, as a machine does that sleeps or swaps. */
  freezeOne(ms: number): void {
    const working = [...this.#children].filter((child) => child.port !== null && !this.#thawing.has(child))
    if (working.length < 2) return
    const child = this.#random.pick(working)
    child.process.kill('SIGSTOP')
    this.#frozen++
    const timer = setTimeout(() => this.#thaw(child), ms)
    this.#thawing.set(child, timer)
  }

  thawAll(): void {
    for (const child of this.#thawing.keys()) this.#thaw(child)
  }

  #thaw(child: Child): void {
    clearTimeout(this.#thawing.get(child))
    this.#thawing.delete(child)
    child.process.kill('SIGCONT')
  }

  /** Kills all and hires nobody, until `resize`; these deaths are not counted. */
  async killAll(): Promise<void> {
    this.thawAll()
    this.#size = 0
    const exits = [...this.#children].map((child) => {
      child.isCleared = true
      child.process.kill('SIGKILL')
      return child.exited
    })
    await Promise.all(exits)
  }

  tally(): Tally {
    const lines = existsSync(this.#diary) ? readFileSync(this.#diary, 'utf8').split('\n').filter(Boolean) : []
    const hits = Object.fromEntries(
      killPoints.map((point) => [point, lines.filter((line) => line === point).length]),
    ) as Tally['hits']
    const named = Object.values(hits).reduce((sum, count) => sum + count, 0)
    return {
      hits: { ...hits, random: this.#sigkilled - named },
      frozen: this.#frozen,
      stopped: this.#stopped,
      fell: lines.filter((line) => line.startsWith('fell')),
    }
  }

  /** Those of these points at which no child has died yet. */
  missed(points: readonly KillPoint[]): KillPoint[] {
    const { hits } = this.tally()
    return points.filter((point) => hits[point] === 0)
  }

  get kills(): number {
    return this.#sigkilled
  }

  #hire(): void {
    const armed = this.#arm()
    const options: WorkerOptions = { ...this.#options(), armed, diary: this.#diary }
    const child = spawn(process.execPath, [this.#file], {
      env: { ...process.env, NODE_ENV: 'production', CRASH_WORKER: JSON.stringify(options) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const member: Child = {
      process: child,
      port: null,
      state: { name: 'starts', since: Date.now() },
      isArmed: armed !== null,
      isCleared: false,
      exited: new Promise((resolve) => child.once('exit', () => resolve())),
    }
    this.#children.add(member)
    child.on('error', () => {})
    child.stderr!.on('data', (said: Buffer) => {
      this.#lastWords = said.toString().trim()
      if (process.env.CRASH_LOG) process.stderr.write(said)
    })
    child.on('message', (message) => {
      member.port = (message as { port: number }).port
      member.state = { name: 'works', since: Date.now() }
    })
    child.once('exit', (_code, signal) => {
      this.#children.delete(member)
      clearTimeout(this.#thawing.get(member))
      this.#thawing.delete(member)
      if (signal === 'SIGKILL' && !member.isCleared) this.#sigkilled++
      // One that cannot even start, as PostgreSQL is away, is not tried a hundred times a second.
      setTimeout(() => this.#children.size < this.#size && this.#hire(), member.port === null ? 200 : 0)
    })
  }

  /** Mostly where it was hit least so far: rare points need more tries. */
  #arm(): WorkerOptions['armed'] {
    if (this.points.length === 0 || this.#random.chance(0.25)) return null
    const { hits } = this.tally()
    const fewest = [...this.points].sort((a, b) => hits[a] - hits[b])
    const point = this.#random.pick(this.#random.chance(0.6) ? fewest.slice(0, 4) : this.points)
    return { point, nth: this.#random.int(1, 2) }
  }
}

/** What the system says of a process: one that is stopped, dead or waits for the disk never starts. */
function systemState(pid: number | undefined): string {
  try {
    return /^State:\s+(.+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!
  } catch {
    return 'unknown to the system'
  }
}
