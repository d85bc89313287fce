import { promisify } from 'node:util'
import { brotliCompressSync, brotliDecompress, constants } from 'node:zlib'
import { takeMemory } from './body-memory.ts'

const decompress = promisify(brotliDecompress)

/** Each text once, and the order in which they follow each other. */
type Packed = [texts: string[], order: number[]]

/**
 * Packs the bytes of an envelope, given as ASCII pieces that follow each other. Up to a hundred mails are nearly the
 * same, and share the very same strings: 3 MB become 20 kB without ever being joined. Here and now, in half a
 * millisecond: on another thread it would cost this one as much, and the machine three times that.
 */
export function packEnvelope(pieces: readonly string[]): Buffer {
  const numbers = new Map<string, number>()
  const texts: string[] = []
  const order = pieces.map((piece) => {
    let number = numbers.get(piece)
    if (number === undefined) numbers.set(piece, (number = texts.push(piece) - 1))
    return number
  })
  const packed: Packed = [texts, order]
  return brotliCompressSync(JSON.stringify(packed), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
}

/** The bytes as they were sealed, every one. */
export async function unpackEnvelope(packed: Buffer): Promise<Buffer> {
  const [texts, order] = JSON.parse((await decompress(packed)).toString('latin1')) as Packed
  return bytesOf(order.map((number) => texts[number]!))
}

/** The bytes of an envelope from its pieces. */
export function bytesOf(pieces: readonly string[]): Buffer {
  let length = 0
  for (const piece of pieces) length += piece.length
  const body = takeMemory(length)
  let end = 0
  for (const piece of pieces) end += body.write(piece, end, 'latin1')
  return body
}

/** How a mail begins in an envelope. Quotes inside of a mail are escaped, so nothing else does. */
const opening = '{"from":"'

/** What stands in place of a mail that was taken out. */
const cut = `${opening}"}`

/** The pieces of each mail of a packed envelope, in its order, without the comma or bracket that follows it. */
async function itemsOf(packed: Buffer): Promise<string[][]> {
  const [texts, order] = JSON.parse((await decompress(packed)).toString('latin1')) as Packed
  const pieces = order.map((number) => texts[number]!)
  const starts = pieces.flatMap((piece, index) => (piece.startsWith(opening) ? [index] : []))
  return starts.map((start, item) => pieces.slice(start, (starts[item + 1] ?? pieces.length) - 1))
}

/** One mail of a packed envelope, as JSON says it; null when it was taken out or never was there. */
export async function readItem(packed: Buffer, position: number): Promise<unknown> {
  const item = (await itemsOf(packed))[position]
  return item && item[0] !== cut ? JSON.parse(item.join('')) : null
}

/** The packed envelope without some of its mails; the others stay, each in its place. */
export async function cutItems(packed: Buffer, isCut: (position: number) => boolean): Promise<Buffer> {
  const items = (await itemsOf(packed)).map((item, position) => (isCut(position) ? [cut] : item))
  return packEnvelope(['[', ...items.flatMap((item, index) => (index === 0 ? item : [',', ...item])), ']'])
}
