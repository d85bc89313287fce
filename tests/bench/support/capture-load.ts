import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { signedRequest } from './capture-form.ts'

/**
 * Sends signed captures over keep-alive connections, each waiting for its answer, and reports what it saw. A process of
 * its own; requests are signed before the clock starts, so that as little as possible of the machine goes into asking.
 */
export type LoadOrder = {
  port: number
  path: string
  secret: string
  connections: number
  seconds: number
  /** Most requests; more are signed than will be sent. */
  requests: number
  /** Makes the addresses of this round differ from those of others. */
  round: string
}
export type LoadReport = { captures: number; rate: number; p50: number; p99: number }

process.on('message', (order: LoadOrder) => {
  void work(order).then((report) => process.send!(report))
})
process.on('disconnect', () => process.exit(0))

async function work(order: LoadOrder): Promise<LoadReport> {
  const { connections, seconds, requests, path, secret, round } = order
  const ready = Array.from({ length: requests }, (_, index) =>
    signedRequest(path, secret, `pat-${round}-${index}@lead.example`),
  )
  await sleep(200)
  const times: number[] = []
  const began = performance.now()
  const ends = began + seconds * 1_000
  let next = 0
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(order.port, '127.0.0.1')
      let sentAt = 0
      let seen = ''
      const ask = () => {
        if (performance.now() >= ends || next === requests) return void socket.end(resolve)
        sentAt = performance.now()
        socket.write(ready[next++]!)
      }
      socket.setNoDelay(true).setEncoding('latin1')
      socket.on('connect', ask)
      socket.on('error', reject)
      socket.on('data', (chunk: string) => {
        seen += chunk
        const head = seen.indexOf('\r\n\r\n')
        if (head < 0) return
        const length = /content-length: (\d+)/i.exec(seen)
        if (!length) return void reject(new Error(`An answer without a length: ${seen.slice(0, 200)}`))
        if (seen.length < head + 4 + Number(length[1])) return
        times.push(performance.now() - sentAt)
        if (!seen.startsWith('HTTP/1.1 200') || !seen.includes('"status":"mapped"'))
          return void reject(new Error(`Not stored: ${seen.slice(0, 300)}`))
        seen = ''
        ask()
      })
    })
  await Promise.all(Array.from({ length: connections }, one))
  if (next === requests) throw new Error(`${requests} requests were too few`)
  const took = (performance.now() - began) / 1_000
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.floor(part * (times.length - 1))]!
  return { captures: times.length, rate: times.length / took, p50: at(0.5), p99: at(0.99) }
}
