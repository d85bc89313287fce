import { Resolver } from 'node:dns/promises'

/** What a name server says: a list, empty when there is nothing of the kind; null when it could not be asked. */
export type SenderDns = {
  txt(name: string): Promise<string[] | null>
  mx(name: string): Promise<string[] | null>
}

/** Answers that mean "nothing of the kind", and not "no answer" (c-ares). */
const nothing: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

/** Asks this machine's own name servers. */
export function createSenderDns(timeoutMs: number): SenderDns {
  async function ask<T>(work: (resolver: Resolver) => Promise<T[]>): Promise<T[] | null> {
    const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
    const cut = setTimeout(() => resolver.cancel(), timeoutMs)
    try {
      return await work(resolver)
    } catch (error) {
      return nothing.has((error as NodeJS.ErrnoException).code ?? '') ? [] : null
    } finally {
      clearTimeout(cut)
    }
  }
  return {
    txt: async (name) =>
      (await ask((resolver) => resolver.resolveTxt(name)))?.map((parts) => parts.join('')) ?? null,
    mx: async (name) =>
      (await ask((resolver) => resolver.resolveMx(name)))?.map(({ exchange }) => exchange) ?? null,
  }
}
