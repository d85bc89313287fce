import { createServer } from 'node:http'
import { randomUUID } from 'node:crypto'

/**
 * A provider that accepts everything after a fixed delay, and does nothing else: what is measured is never its own work.
 * Run as a process of its own: prints its port. `node --import tsx stand-in.ts <delay in ms>`.
 */
const delayMs = Number(process.argv[2] ?? 80)
/** What came in since the start: told to the parent when it sends anything. */
const taken = { calls: 0, items: 0, keys: new Set<string>() }
const itemStart = Buffer.from('{"from":')

const server = createServer((request, response) => {
  let items = 0
  let tail: Buffer = Buffer.alloc(0)
  // As it comes: to join an envelope of 3 MB first would cost as much again as to look through it.
  request.on('data', (chunk: Buffer) => {
    const seam = Buffer.concat([tail, chunk.subarray(0, itemStart.length - 1)])
    items += countItems(chunk) + countItems(seam)
    tail = (chunk.length < itemStart.length ? seam : chunk).subarray(1 - itemStart.length)
  })
  request.on('end', () => {
    const count = request.url === '/emails' ? 1 : items
    taken.calls++
    taken.items += count
    taken.keys.add(String(request.headers['idempotency-key']))
    const ids = Array.from({ length: count }, () => ({ id: randomUUID() }))
    const answer = JSON.stringify(request.url === '/emails' ? ids[0] : { data: ids })
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(answer), delayMs)
  })
})

/** Items begin with `from`, and nowhere else can that text stand unescaped in JSON. */
function countItems(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(itemStart); at !== -1; at = bytes.indexOf(itemStart, at + 1)) count++
  return count
}

process.on('message', () => process.send?.({ ...taken, keys: taken.keys.size }))
// A benchmark that was cut off must not leave it behind.
process.on('disconnect', () => process.exit(0))

server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
