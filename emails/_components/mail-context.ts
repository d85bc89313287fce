import { createContext, useContext } from 'react'
import type { MailProps } from '../../src/core/mail.ts'
import type { Copy } from './copy.ts'
import type { Palette, Tones } from './palette.ts'

/** What every part of one mail may need, so that it isn't handed down by hand. */
export type MailScope = { mail: MailProps; copy: Copy; palette: Palette; tones: Tones }

const Scope = createContext<MailScope | null>(null)
export const MailScopeProvider = Scope.Provider

/** The mail being drawn. */
export function useMail(): MailScope {
  const scope = useContext(Scope)
  if (!scope) throw new Error('A mail part was used outside <Letter>')
  return scope
}
