import { createHash } from 'node:crypto'
import type { Sequence } from '../core/sequence.ts'
import { backSpasms } from './back-spasms.ts'
import { optIn } from './opt-in.ts'
import { rebook } from './rebook.ts'

/** Every sequence. A source can name any but those that `isOwn`. */
export const sequences = {
  [backSpasms.key]: backSpasms,
  [rebook.key]: rebook,
  [optIn.key]: optIn,
} satisfies Record<string, Sequence>

/** Those that no form joins: one follows a booking, one asks before another begins. */
export const isOwn = (key: string): boolean => key === rebook.key || key === optIn.key

/** What an enrollment follows and keeps: the steps, and nothing of who may enter. */
export function definitionOfSequence({ key, steps }: Sequence): Sequence {
  return { key, steps }
}

/** The sequence's identity: SHA-256, hex, of its definition's JSON. Any change of a step makes another one. */
export function hashSequence(sequence: Sequence): string {
  return createHash('sha256')
    .update(JSON.stringify(definitionOfSequence(sequence)))
    .digest('hex')
}
