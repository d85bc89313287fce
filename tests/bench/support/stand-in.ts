import { createServer } from 'node:http'
import { randomUUID } from 'node:crypto'
import { createItemCounter } from './count-items.ts'

/**
 * A provider that accepts everything after a fixed delay, and does nothing else: what is measured is never its own work.
 * Run as a process of its own: prints its port. `node --import tsx stand-in.ts <delay in ms>`.
 */
const delayMs = Number(process.argv[2] ?? 80)
/** What came in since the start: told to the parent when it sends anything. */
const taken = { calls: 0, items: 0, keys: new Set<string>() }

const server = createServer((request, response) => {
  const single = request.url === '/emails'
  const countItems = createItemCounter()
  let items = single ? 1 : 0
  if (single) request.resume()
  else request.on('data', (chunk: Buffer) => (items = countItems(chunk)))
  request.on('end', () => {
    taken.calls++
    taken.items += items
    taken.keys.add(String(request.headers['idempotency-key']))
    const ids = Array.from({ length: items }, () => ({ id: randomUUID() }))
    const answer = JSON.stringify(single ? ids[0] : { data: ids })
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(answer), delayMs)
  })
})

process.on('message', () => process.send?.({ ...taken, keys: taken.keys.size }))
// A benchmark that was cut off must not leave it behind.
process.on('disconnect', () => process.exit(0))

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
