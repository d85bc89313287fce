import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../api.ts'
import { when } from './when.ts'
import { who } from './who.ts'

/** A draft as the server has it. `version` null: there is none, and `content` and who wrote it are what is in force. */
export type Stored<T> = {
  content: T
  version: string | null
  /** The revision in force that `content` was seen with. */
  base: number
  author: string | null
  savedAt: string | null
}

type Save = { over: string | null; base: number; keepalive: boolean }

type Ways<T> = {
  initial: Stored<T>
  store(content: T, save: Save): Promise<{ version: string; author: string; savedAt: string }>
  /** What is stored now: asked when somebody else was faster. */
  load(): Promise<Stored<T>>
}

export type DraftStatus = 'saved' | 'unsaved' | 'saving' | 'offline' | 'conflict'

/** What somebody else stored meanwhile. */
export type Conflict<T> = { theirs: Stored<T> }

/** Who was faster, and when. */
export const saidOf = ({ version, author, savedAt }: Omit<Stored<unknown>, 'content'>): string =>
  `${who(author)} ${version === null ? 'published' : 'saved'} another version, ${when(savedAt)}, while you were at work. Yours is not stored yet.`

const typingPauseMs = 500
const retryMs = 3_000

/**
 * Keeps what is typed on the server, half a second after the last key and when the tab goes. Each save names the version
 * that it was made from: when somebody else was faster, saving stops until a person has chosen between the two.
 */
export function useDraft<T>({ initial, store, load }: Ways<T>) {
  const [content, setContent] = useState(initial.content)
  const [stored, setStored] = useState(initial)
  const [status, setStatus] = useState<DraftStatus>('saved')
  const [conflict, setConflict] = useState<Conflict<T> | null>(null)
  // What saving has to know at once, and not at the next drawing.
  const now = useRef({ content: initial.content, seen: initial, dirty: false, busy: false, stopped: false })
  const timer = useRef<number>(undefined)
  const ways = useRef({ store, load })
  ways.current = { store, load }

  const save = useCallback(async (keepalive = false): Promise<void> => {
    const state = now.current
    const later = (ms: number) => {
      timer.current = window.setTimeout(() => {
        timer.current = undefined
        void save()
      }, ms)
    }
    window.clearTimeout(timer.current)
    timer.current = undefined
    if (!state.dirty || state.busy || state.stopped) return
    state.busy = true
    state.dirty = false
    setStatus('saving')
    try {
      const { version, base } = state.seen
      const saved = await ways.current.store(state.content, { over: version, base, keepalive })
      state.seen = { ...state.seen, ...saved, content: state.content }
      setStored(state.seen)
      setStatus(state.dirty ? 'unsaved' : 'saved')
    } catch (error) {
      state.dirty = true
      if (error instanceof ApiError && error.code === 'conflict') {
        state.stopped = true
        setConflict({ theirs: await ways.current.load() })
        setStatus('conflict')
      } else {
        setStatus('offline')
        later(retryMs)
      }
    } finally {
      state.busy = false
    }
    if (state.dirty && !state.stopped && !timer.current) void save()
  }, [])

  const change = useCallback(
    (next: T) => {
      now.current.content = next
      now.current.dirty = true
      setContent(next)
      setStatus((before) => (before === 'conflict' ? before : 'unsaved'))
      window.clearTimeout(timer.current)
      timer.current = window.setTimeout(() => {
        timer.current = undefined
        void save()
      }, typingPauseMs)
    },
    [save],
  )

  /** Takes what the server has for what is seen; `mine` is then stored over it, else theirs is shown. */
  const settle = useCallback(
    (theirs: Stored<T>, mine: boolean) => {
      const state = now.current
      state.seen = theirs
      state.stopped = false
      state.dirty = mine
      setStored(theirs)
      setConflict(null)
      if (mine) return void save()
      state.content = theirs.content
      setContent(theirs.content)
      setStatus('saved')
    },
    [save],
  )

  useEffect(() => {
    const leave = () => void save(true)
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [save])

  return { content, stored, status, conflict, change, settle, save: () => save() }
}
