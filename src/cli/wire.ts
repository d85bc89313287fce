import { setTimeout as sleep } from 'node:timers/promises'
import pino, { type Logger } from 'pino'
import { alerts, templates } from '../../emails/index.ts'
import { createCopyDesk } from '../../emails/_checks/copy-desk.ts'
import { openQueues, type Queues } from '../../jobs/queues.ts'
import { claimDatabase } from '../actions/claim-database.ts'
import { registerSequences } from '../actions/definitions.ts'
import { refreshBrand } from '../actions/refresh-brand.ts'
import { refreshCopy } from '../actions/refresh-copy.ts'
import { keysOfCapture, storeCaptures } from '../actions/store-captures.ts'
import { bookingAdapters } from '../booking/index.ts'
import { createAcuityReader } from '../booking/readers/acuity.ts'
import { createSquareReader } from '../booking/readers/square.ts'
import { importedRow } from '../capture/adapters/imported-row.ts'
import { formAdapters } from '../capture/index.ts'
import { createMetaReader } from '../capture/readers/meta.ts'
import { createCoalescer } from '../coalescer.ts'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import type { BookingReader } from '../core/booking.ts'
import { importAdapter } from '../core/capture.ts'
import type { Brand } from '../core/brand.ts'
import type { Clock } from '../core/clock.ts'
import type { CopyDesk, PublishedCopy } from '../core/copy.ts'
import { createFormSecrets } from '../form-secrets.ts'
import { createLinks } from '../links.ts'
import { createRenderer } from '../mail/renderer.ts'
import { renderAlert, renderDirect } from '../mail/render-direct.ts'
import { createLogoReader } from '../mail/logo-reader.ts'
import { createSenderDns } from '../mail/sender-dns.ts'
import { awaitProviderTurn } from '../store/provider-turn.ts'
import { shareForAsking } from '../core/dispatch.ts'
import { createResendMailer } from '../mail/resend-mailer.ts'
import { createSealedEnvelopes } from '../sealed-envelopes.ts'
import { sequences } from '../sequences/index.ts'
import { onOpeningDays } from '../sequences/opening-days.ts'
import { openDatabase } from '../store/db.ts'
import { createSuppressionHasher } from '../suppression-hasher.ts'

export const realClock: Clock = { kind: 'real', now: () => new Date() }

/** More or smaller flushes were no faster. What waits holds its body in memory, hence the limit. */
const captureBatches = { flushes: 2, batch: 64, waiting: 1_000 }
/** Longest wait for the queues, and then for the database, to let go. */
const closeMs = 3_000

export type Service = { ctx: Context; queues: Queues; close(): Promise<void> }

/** JSON lines on standard error. Values that could be personal are cut by name, should one ever slip in. */
export function createLog(level: string): Logger {
  const paths = ['email', 'to', 'phone', 'firstName', 'lastName', 'name', 'body', 'message', 'authorization']
  return pino(
    { level, redact: { paths: paths.flatMap((path) => [path, `*.${path}`]), censor: '[cut]' } },
    pino.destination(2),
  )
}

/** A name server that says nothing for so long is given up. */
const dnsTimeoutMs = 3_000
const logoTimeoutMs = 5_000

/** The desk for the brand in force: made anew when that changes. */
function copyDesks() {
  let made: { brand: Brand; desk: CopyDesk } | null = null
  return (brand: Brand): CopyDesk => {
    if (made?.brand !== brand)
      made = { brand, desk: createCopyDesk(templates, { brand, render: renderDirect }) }
    return made.desk
  }
}

/** A tool is waited for as long as this before it is asked again later. */
const readTimeoutMs = 10_000

const metaGraph = { origin: 'https://graph.facebook.com', timeoutMs: readTimeoutMs }

/** The only addresses that are asked; a webhook has no say in it. */
function bookingReaders({ bookingApis }: Config, clock: Clock): Record<string, BookingReader> {
  const { acuity, square } = bookingApis
  const timeoutMs = readTimeoutMs
  return {
    ...(acuity && {
      acuity: createAcuityReader({
        ...acuity,
        origin: 'https://acuityscheduling.com',
        timeoutMs,
        now: clock.now,
      }),
    }),
    ...(square && {
      square: createSquareReader({ ...square, origin: 'https://connect.squareup.com', timeoutMs }),
    }),
  }
}

/**
 * Wires everything on a migrated database and checks that it may run here.
 * `overrides` replace parts of the context: the seam for tests and for the demo's clock.
 * Throws Problem `config` when the database belongs to another clock or key, or a template is missing.
 */
export async function openService(
  options: { config: Config; databaseUrl: string; resendUrl: string; log: Logger; queuePrefix?: string },
  overrides: Partial<Context> = {},
): Promise<Service> {
  const { config, databaseUrl, log } = options
  const database = openDatabase(databaseUrl, config.databasePool, (error) =>
    log.warn({ error: error.name }, 'an idle database connection broke'),
  )
  const queues = await openQueues({
    redisUrl: config.redisUrl,
    databaseUrl,
    log,
    ...config.queues,
    ...(options.queuePrefix ? { prefix: options.queuePrefix } : {}),
  })
  const deskOf = copyDesks()
  const published = new Map<string, PublishedCopy>()
  const renderer = createRenderer(templates, {
    copyOf: (template) => published.get(template)?.copy ?? undefined,
    warn: (warning) => log.warn(warning, 'a template is rendered directly, which is slow'),
  })
  const ctx: Context = {
    config,
    brandDefaults: config.brand,
    senderDns: createSenderDns(dnsTimeoutMs),
    logos: createLogoReader({ timeoutMs: logoTimeoutMs }),
    db: database.db,
    clock: realClock,
    mailer: createResendMailer({
      apiKey: config.resend.apiKey,
      baseUrl: options.resendUrl,
      timeoutMs: config.sending.timeoutMs,
      now: () => new Date(),
      awaitTurn: () =>
        awaitProviderTurn(database.db, shareForAsking(config.sending.requestsPerSecond), realClock.now),
    }),
    renderer: {
      encoded: (template, props) => renderer.encoded(template as keyof typeof templates, props),
      freshLeadAlert: (props) => renderAlert(alerts['fresh-lead'], props),
      digestAlert: (props) => renderAlert(alerts.digest, props),
      takeCounts: () => renderer.takeCounts(),
    },
    templates: new Set(Object.keys(templates)),
    get copyDesk() {
      return deskOf(config.brand)
    },
    published,
    claimMarks: { first: null, later: null },
    sealedEnvelopes: createSealedEnvelopes(),
    sequences: onOpeningDays(sequences, config.brand.openingDays),
    forms: { ...formAdapters, [importAdapter]: importedRow },
    formReaders: config.formApis.meta
      ? { 'meta-lead-ads': createMetaReader({ ...config.formApis.meta, ...metaGraph }) }
      : {},
    bookings: bookingAdapters,
    bookingReaders: bookingReaders(config, overrides.clock ?? realClock),
    captures: createCoalescer({
      keysOf: keysOfCapture,
      flush: (batch) => storeCaptures(ctx, batch),
      ...captureBatches,
    }),
    links: createLinks({
      publicUrl: config.publicUrl,
      appSecret: config.appSecret,
      get bookingUrl() {
        return config.brand.bookingUrl
      },
      replyDomain: config.replyDomain,
    }),
    formSecrets: createFormSecrets(config.appSecret),
    suppression: createSuppressionHasher(config.suppressionKeys),
    wake: queues.wake,
    log,
    ...overrides,
  }
  // A query or a queue that hangs must not keep the process: whatever it was at is found again by its lease.
  const close = async () => {
    await within(closeMs, queues.close())
    await within(closeMs, database.close())
  }
  try {
    await claimDatabase(ctx)
    await registerSequences(ctx)
    await refreshCopy(ctx)
    await refreshBrand(ctx)
  } catch (error) {
    await close()
    throw error
  }
  return { ctx, queues, close }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const done = new AbortController()
  await Promise.race([work, sleep(ms, undefined, { signal: done.signal }).catch(() => {})])
  done.abort()
}
