/** One HTTP request as it came in: raw bytes, lower-case header names, and the public URL it was sent to. */
export type InboundRequest = {
  method: string
  url: string
  headers: Readonly<Record<string, string | undefined>>
  body: Uint8Array
}
