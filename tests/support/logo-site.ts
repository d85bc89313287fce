import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32, deflateSync } from 'node:zlib'

/** A green picture of that size. */
export function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // Eight bits a colour, red, green and blue.
  head.set([8, 2], 8)
  // Each line begins with its filter: none.
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(3 * width, Buffer.from([31, 120, 84]))])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))
  const magic = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

type Answer = { status?: number; body?: Buffer | string; location?: string; hangs?: boolean }

/** A clinic's site on this machine, with what it has under each path. */
export async function startLogoSite(pages: Record<string, Answer>) {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    const { status = 200, body, location, hangs } = pages[request.url!] ?? { status: 404 }
    if (hangs) return
    response.writeHead(status, location ? { location } : {})
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
