/** Memory of bodies that were read, smallest first, for the next ones: to get new memory costs more than to fill it. */
const spare: ArrayBuffer[] = []
/** As many as are sent at once, if nothing else is set. */
const spareLimit = 8

/** Memory for a body of `length` bytes, with whatever was in it. */
export function takeMemory(length: number): Buffer {
  const fits = spare.findIndex(({ byteLength }) => byteLength >= length)
  // A little more than is needed, so that the next envelope fits as well.
  const memory = spare.splice(fits, fits === -1 ? 0 : 1)[0] ?? new ArrayBuffer(length + (length >> 4))
  return Buffer.from(memory, 0, length)
}

/**
 * Lets another body have the memory of this one. Only of one that the provider has taken: the call is over then, and
 * `fetch` has read all of it or cut its connection. What is still on its way would go out with another's words.
 */
export function giveMemory(body: Buffer): void {
  spare.push(body.buffer as ArrayBuffer)
  spare.sort((a, b) => a.byteLength - b.byteLength)
  if (spare.length > spareLimit) spare.shift()
}
