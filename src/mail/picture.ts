/** What every mail program shows. */
export type Picture = { type: 'image/png' | 'image/jpeg' | 'image/gif'; width: number; height: number }

const starts = (bytes: Buffer, text: string) => bytes.subarray(0, text.length).toString('latin1') === text

/** Kind and size of a picture, by its own first bytes; null when it is none that mail programs show. */
export function pictureOf(bytes: Buffer): Picture | null {
  if (bytes.length < 24) return null
  const picture = starts(bytes, '\x89PNG\r\n\x1a\n')
    ? { type: 'image/png' as const, width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    : starts(bytes, 'GIF87a') || starts(bytes, 'GIF89a')
      ? { type: 'image/gif' as const, width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
      : starts(bytes, '\xff\xd8\xff')
        ? jpegOf(bytes)
        : null
  return picture && picture.width > 0 && picture.height > 0 ? picture : null
}

/** The size stands in the frame header (SOF0 to SOF15, but DHT, JPG and DAC), after other segments. */
function jpegOf(bytes: Buffer): Picture | null {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1]!
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { type: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
  }
  return null
}
