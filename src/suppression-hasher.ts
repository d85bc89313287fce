import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { SuppressionHash } from './store/suppressions.ts'

/** Version of the rules by which an address is folded before it is hashed. */
const normalisation = 1

/** Turns an address into what the suppression table holds: a hash that nobody without the key can guess addresses by. */
export type SuppressionHasher = {
  /** Ids of the configured keys; an id is a digest of its key, so a changed key has another id. */
  keyIds: readonly string[]
  /** Hash under the newest key, for storing. */
  hash(foldedKey: string): SuppressionHash
  /** Hashes under every key kept, for looking up. */
  lookups(foldedKey: string): Buffer[]
}

/** `keys` newest first, at least one. */
export function createSuppressionHasher(keys: readonly string[]): SuppressionHasher {
  const keyIds = keys.map((key) => createHash('sha256').update(key).digest('hex').slice(0, 16))
  const secrets = keys.map((key) => createSecretKey(Buffer.from(key)))
  const hashWith = (key: KeyObject, foldedKey: string) =>
    createHmac('sha256', key).update(`v${normalisation}:${foldedKey}`).digest()
  return {
    keyIds,
    hash: (foldedKey) => ({ hash: hashWith(secrets[0]!, foldedKey), keyId: keyIds[0]!, normalisation }),
    lookups: (foldedKey) => secrets.map((key) => hashWith(key, foldedKey)),
  }
}
