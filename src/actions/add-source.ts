import { randomBytes } from 'node:crypto'
import { originOf } from '../capture/origins.ts'
import { isSecretMadeByTool, newSecret } from '../capture/source-secret.ts'
import type { Context } from '../context.ts'
import { importAdapter, isPublic } from '../core/capture.ts'
import { Problem } from '../core/problem.ts'
import { isOwn } from '../sequences/index.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { ensureSource, type Source } from '../store/sources.ts'

/** Resend, Typeform and the like all make longer ones; a shorter one is a slip of the clipboard. */
const shortestSecret = 16

export type NewSource = {
  adapter: string
  name: string
  sequence: string
  topical: boolean
  thankYouUrl: string | null
  /** Sites whose pages may send a public form; none for all. */
  origins: readonly string[]
  /** A public form has to bring a proof of work. */
  proofOfWork: boolean
  /** A lead is asked in a mail before anything else is sent. */
  doubleOptIn?: boolean
  /** The secret that the tool made; null to make one. */
  secret: string | null
  actor: string
}

/**
 * Makes an address for a form, with a secret of its own.
 * Throws Problem `config` for an adapter or a sequence that is not there, an address that is no page, or a secret that
 * is missing, too short or of no use.
 */
export async function addSource(
  ctx: Pick<Context, 'db' | 'forms' | 'sequences' | 'clock'>,
  input: NewSource,
): Promise<Source> {
  const { adapter, thankYouUrl } = input
  const kinds = Object.keys(ctx.forms).filter((kind) => kind !== importAdapter)
  if (!kinds.includes(adapter))
    throw new Problem('config', `No adapter ${adapter}. There are: ${kinds.join(', ')}.`)
  const named = Object.keys(ctx.sequences).filter((key) => !isOwn(key))
  if (!named.includes(input.sequence))
    throw new Problem('config', `No sequence ${input.sequence}. There are: ${named.join(', ')}.`)
  if (thankYouUrl !== null && !isPage(thankYouUrl))
    throw new Problem('config', '--thank-you: expected the https address of a page.')
  const origins = originsFor(adapter, input.origins)
  checkWork(adapter, input.proofOfWork)
  const secret = secretFor(adapter, input.secret)
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const source = await ensureSource(tx, {
      // Part of an address, so it says nothing about health, whatever the source is called.
      slug: `${adapter}-${randomBytes(4).toString('hex')}`,
      name: input.name,
      adapter,
      secrets: secret === null ? [] : [secret],
      sequence: input.sequence,
      topical: input.topical,
      thankYouUrl,
      origins,
      proofOfWork: input.proofOfWork,
      doubleOptIn: input.doubleOptIn ?? false,
      createdAt: now,
    })
    await insertAudit(tx, { actor: input.actor, action: 'add-source', subject: source.slug }, now)
    return source
  })
}

/**
 * Origins as browsers write them, each once. Throws Problem `config` for one that is no origin, or where the source is
 * no public form.
 */
export function originsFor(adapter: string, given: readonly string[]): string[] {
  if (given.length > 0 && !isPublic({ adapter }))
    throw new Problem('config', '--origin: only a form in a browser has pages that may send it.')
  const origins = given.map((address) => {
    const origin = originOf(address)
    if (origin === null || new URL(address).href !== `${origin}/`)
      throw new Problem('config', '--origin: expected a site such as https://clinic.example, without a path.')
    return origin
  })
  return [...new Set(origins)]
}

/** Throws Problem `config` where a proof of work is asked of what is no public form. */
export function checkWork(adapter: string, proofOfWork: boolean): void {
  if (proofOfWork && !isPublic({ adapter }))
    throw new Problem('config', '--proof-of-work: only a form in a browser can bring one.')
}

/**
 * The secret of a source: the one that its tool made, or a new one of ours; null where none can be kept.
 * Throws Problem `config` when it is missing, too short or of no use.
 */
export function secretFor(adapter: string, given: string | null): string | null {
  if (adapter === importAdapter)
    throw new Problem('config', 'This source is a list that was imported: nothing can be sent to it.')
  if (given === null && isSecretMadeByTool(adapter))
    throw new Problem('config', `--secret: this tool makes the secret itself. Give the one that it shows.`)
  if (given === null) return newSecret(adapter)
  if (adapter === 'html-form')
    throw new Problem('config', '--secret: a form in a browser can keep no secret, so it has none.')
  if (given.trim().length < shortestSecret)
    throw new Problem('config', `--secret: expected at least ${shortestSecret} characters.`)
  return given.trim()
}

const isPage = (url: string) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
