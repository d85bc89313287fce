import type { MailProps } from '../core/mail.ts'
import { compileMail, type CompiledMail } from './compile-mail.ts'
import type { Renderable } from './render-direct.ts'
import { cleanName, cleanProps } from './render-values.ts'

/** One compiled mail and how often it was used; `compiled` is null where only direct rendering is right. */
export type CacheEntry = { compiled: CompiledMail | null; used: number }

/** Objects with the same content share a short key, however often the caller makes them anew. */
function contentKeys() {
  const ofObject = new WeakMap<object, number>()
  const ofContent = new Map<string, number>()
  return (value: object) => {
    let key = ofObject.get(value)
    if (key === undefined) {
      const content = JSON.stringify(value)
      key = ofContent.get(content) ?? ofContent.size
      ofContent.set(content, key)
      ofObject.set(value, key)
    }
    return key
  }
}

/** Keeps compiled mails, the oldest leaving first: old revisions of the copy must not pile up. */
export function createCache(limit = 256) {
  const entries = new Map<string, CacheEntry | Promise<CacheEntry>>()
  const keyOf = contentKeys()

  // Not a promise once it is known: a mail takes a few microseconds, and waiting for nothing would be half of them.
  return (
    name: string,
    template: Renderable,
    copy: object,
    props: MailProps,
  ): CacheEntry | Promise<CacheEntry> => {
    // A part is drawn, and not only named: there are as many shapes as parts, and few of those.
    const shape = `${props.topical}|${cleanName(props.firstName) === null}|${props.part}/${props.parts}`
    const key = `${name}|${shape}|${keyOf(props.brand)}|${keyOf(copy)}`
    const known = entries.get(key)
    if (known) return known
    const made = compileMail(template, copy, cleanProps(props)).then((compiled) => {
      const entry = { compiled, used: 0 }
      if (entries.get(key) === made) entries.set(key, entry)
      return entry
    })
    // A failed compile is not kept: the next mail tries again.
    made.catch(() => entries.delete(key))
    entries.set(key, made)
    if (entries.size > limit) entries.delete(entries.keys().next().value as string)
    return made
  }
}
