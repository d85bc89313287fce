import { fileURLToPath } from 'node:url'

/** Where everything lies that this machine makes for itself; deleting it while nothing runs starts afresh. */
export const dataDir = fileURLToPath(new URL('../../.data', import.meta.url))
