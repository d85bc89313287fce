import { createHash, randomBytes } from 'node:crypto'

/** A new secret of 256 bits, in letters that an address, a cookie and a header can hold. */
export const newToken = () => randomBytes(32).toString('base64url')

/** What is kept of a token. It is random and long, so that a plain hash cannot be turned back. */
export const hashToken = (token: string) => createHash('sha256').update(token).digest()
