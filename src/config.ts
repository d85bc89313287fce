import type { z } from 'zod'
import type { BookingAdapterKind } from './booking/index.ts'
import type { Brand } from './core/brand.ts'
import { Problem } from './core/problem.ts'
import { sampleClinic } from './demo/sample-clinic.ts'
import { brandFields, live, type liveOnly, sandbox } from './environment.ts'

/**
 * Everything the service can be told from outside. Built once at start, but for `brand`, which the studio changes. No other
 * file reads the environment.
 */
export type Config = {
  /** `live` mails real people through Resend; `sandbox` keeps every mail on this machine. */
  mode: 'live' | 'sandbox'
  /** Null: start the embedded PostgreSQL. */
  databaseUrl: string | null
  /** Null: BullMQ runs on PostgreSQL too. */
  redisUrl: string | null
  /** `cluster`: one address of Redis is that of a cluster. `pool`: connections of one process, for queues on PostgreSQL. */
  queues: { prefix: string; cluster: boolean; pool: number }
  http: { host: string; port: number; bodyLimitBytes: number; trustedProxies: number }
  publicUrl: string
  /** Domain whose mail Resend receives for us, for answers to our mails; null: they go to the clinic's own mailbox. */
  replyDomain: string | null
  /** Signs every link that we send. */
  appSecret: string
  /** Keys of the suppression hashes, newest first. */
  suppressionKeys: readonly string[]
  brand: Brand
  /** Fields of the brand that nobody set: they are the sample clinic's. */
  sampleFields: readonly (keyof Brand)[]
  /** What the environment lacks before real mail can go out; empty in live mode. */
  missingForLive: readonly { name: string; expected: string }[]
  frontDeskEmail: string
  /** Hour of the clinic's day at which digests of alerts go out. */
  digestHour: number
  resend: {
    apiKey: string
    /** Null in sandbox mode: the sandbox starts in this process. */
    baseUrl: string | null
    webhookSecrets: readonly string[]
  }
  /** What verifies the webhooks of each booking tool, by its name. */
  bookingSecrets: Readonly<Record<BookingAdapterKind, readonly string[]>>
  /** Keys with which a tool is asked whom its webhook is about; null for a tool that is not used. */
  bookingApis: {
    acuity: { userId: string; apiKey: string } | null
    square: { accessToken: string } | null
  }
  /** Keys with which a form's tool is asked for the leads that it names; null for one that is not used. */
  formApis: { meta: { accessToken: string } | null }
  forms: {
    /** A public form that comes back sooner after it was opened was filled in by a program. */
    minFillMs: number
    /** How many may come within so many seconds, from one connection and for one address. */
    limits: { ip: readonly FormLimit[]; address: readonly FormLimit[] }
  }
  sending: {
    /** Calls a second over all workers; Resend's own limit is 10 for a team. */
    requestsPerSecond: number
    /** Dispatches in flight in one worker process. */
    concurrency: number
    /** The same for first attempts of first mails, besides: what hangs among the others leaves them alone. */
    firstConcurrency: number
    /** Mails a day that the plan allows, or null where it has no such limit. */
    dailyQuota: number | null
    /** A call is given up after this; shorter than the lease, so that no two attempts overlap. */
    timeoutMs: number
    leaseMs: number
    /** How long the mails that were sent are kept word for word, for people to look at. */
    keepMailsMs: number
    /** Least time between two mails to one lead, over all its enrollments; 0 for none. */
    minGapMs: number
  }
  /** Connections of one process, those of the queues not counted. */
  databasePool: number
  logLevel: string
}

type FormLimit = { most: number; seconds: number }

/** Secrets that a try-out makes for itself, so that it needs no set-up; live mode must be given its own. */
export type LocalSecrets = { appSecret: string; resendWebhookSecret: string }

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Builds the config from an environment. A key for Resend makes it `live`, and then everything that real mail needs
 * must be there; without one it is a sandbox, with a sample clinic and secrets of its own.
 * Throws Problem `config`: one line that names the variable and what was expected, never its value.
 */
export function readConfig(environment: Environment, localSecrets: () => LocalSecrets): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()))
  if (given.RESEND_API_KEY) {
    const env = parse(live, given)
    return build(env, {
      mode: 'live',
      sampleFields: [],
      missingForLive: [],
      publicUrl: env.PUBLIC_URL,
      appSecret: env.APP_SECRET,
      resend: {
        apiKey: env.RESEND_API_KEY,
        baseUrl: env.RESEND_BASE_URL ?? 'https://api.resend.com',
        webhookSecrets: env.RESEND_WEBHOOK_SECRETS,
      },
    })
  }
  const env = parse(sandbox, { ...sampleClinic, ...given })
  const local = env.APP_SECRET && env.RESEND_WEBHOOK_SECRETS ? null : localSecrets()
  return build(env, {
    mode: 'sandbox',
    sampleFields: Object.entries(brandFields).flatMap(([name, field]) => (given[name] ? [] : [field])),
    missingForLive: lacks(given),
    publicUrl: env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`,
    appSecret: env.APP_SECRET ?? local!.appSecret,
    resend: {
      apiKey: 're_sandbox',
      baseUrl: env.RESEND_BASE_URL ?? null,
      webhookSecrets: env.RESEND_WEBHOOK_SECRETS ?? [local!.resendWebhookSecret],
    },
  })
}

type Settings = Omit<z.infer<typeof live>, 'PUBLIC_URL' | keyof typeof liveOnly>

type Decided = 'mode' | 'publicUrl' | 'appSecret' | 'resend' | 'sampleFields' | 'missingForLive'

function build(env: Settings, rest: Pick<Config, Decided>): Config {
  const timeoutMs = 15_000
  return {
    ...rest,
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    queues: {
      // A hash tag: in a cluster all keys of one service lie together.
      prefix: `{${env.QUEUE_PREFIX}}`,
      cluster: env.REDIS_CLUSTER === 'yes',
      pool: env.QUEUE_POOL,
    },
    http: {
      host: env.HOST,
      port: env.PORT,
      bodyLimitBytes: env.BODY_LIMIT_BYTES,
      trustedProxies: env.TRUSTED_PROXIES,
    },
    publicUrl: rest.publicUrl.replace(/\/+$/, ''),
    replyDomain: replyDomain(env),
    suppressionKeys: env.SUPPRESSION_KEYS ?? [`suppression:${rest.appSecret}`],
    brand: brandOf(env),
    frontDeskEmail: env.FRONT_DESK_EMAIL,
    digestHour: env.ALERT_DIGEST_HOUR,
    bookingSecrets: {
      calendly: env.CALENDLY_SIGNING_KEYS,
      'cal-com': env.CALCOM_SECRETS,
      generic: env.BOOKING_WEBHOOK_SECRETS,
      acuity: env.ACUITY_API_KEYS,
      square: env.SQUARE_SIGNATURE_KEYS,
      jane: env.JANE_WEBHOOK_SECRETS,
    },
    bookingApis: {
      acuity:
        env.ACUITY_USER_ID && env.ACUITY_API_KEYS[0]
          ? { userId: env.ACUITY_USER_ID, apiKey: env.ACUITY_API_KEYS[0] }
          : null,
      square: env.SQUARE_ACCESS_TOKEN ? { accessToken: env.SQUARE_ACCESS_TOKEN } : null,
    },
    formApis: { meta: env.META_ACCESS_TOKEN ? { accessToken: env.META_ACCESS_TOKEN } : null },
    forms: {
      minFillMs: env.FORM_MIN_FILL_SECONDS * 1_000,
      limits: {
        ip: [
          { most: env.FORM_LIMIT_IP_MINUTE, seconds: 60 },
          { most: env.FORM_LIMIT_IP_HOUR, seconds: 3_600 },
        ].filter(isLimit),
        address: [{ most: env.FORM_LIMIT_ADDRESS_HOUR, seconds: 3_600 }].filter(isLimit),
      },
    },
    sending: {
      requestsPerSecond: env.SEND_REQUESTS_PER_SECOND,
      concurrency: env.SEND_CONCURRENCY,
      firstConcurrency: Math.max(2, Math.floor(env.SEND_CONCURRENCY / 2)),
      dailyQuota: env.SEND_DAILY_QUOTA ?? null,
      timeoutMs,
      leaseMs: 2 * timeoutMs,
      keepMailsMs: env.KEEP_MAILS_DAYS * 86_400_000,
      minGapMs: env.SEND_MIN_GAP_HOURS * 3_600_000,
    },
    databasePool: poolSize(env),
    logLevel: env.LOG_LEVEL,
  }
}

/** What comes to this domain is read here, so a mailbox of the clinic at it would never get its mail. */
function replyDomain({ REPLY_DOMAIN, CLINIC_REPLY_TO, FRONT_DESK_EMAIL }: Settings): string | null {
  const isAt = (one: string) => one.replace(/>$/, '').toLowerCase().endsWith(`@${REPLY_DOMAIN}`)
  if (REPLY_DOMAIN && [CLINIC_REPLY_TO, FRONT_DESK_EMAIL].some(isAt))
    throw new Problem(
      'config',
      'REPLY_DOMAIN is wrong: expected another domain than those of CLINIC_REPLY_TO and FRONT_DESK_EMAIL. See .env.example.',
    )
  return REPLY_DOMAIN ?? null
}

const isLimit = ({ most }: FormLimit) => most > 0

/**
 * A dispatch spends most of its time in its call and not in the database, so half as many connections as dispatches
 * still serve; with fewer, ticks and webhooks would wait behind them.
 */
function poolSize({ DATABASE_POOL, SEND_CONCURRENCY }: Settings): number {
  const least = Math.ceil(SEND_CONCURRENCY / 2)
  if (DATABASE_POOL !== undefined && DATABASE_POOL < least)
    throw new Problem(
      'config',
      `DATABASE_POOL is wrong: expected at least ${least}, half of SEND_CONCURRENCY. See .env.example.`,
    )
  return DATABASE_POOL ?? SEND_CONCURRENCY + 8
}

function brandOf(env: Settings): Brand {
  const [name = '', ...role] = env.CLINIC_SIGNED_BY.split(',')
  const call = env.CLINIC_CALL
  return {
    clinicName: env.CLINIC_NAME,
    area: env.CLINIC_AREA,
    from: env.CLINIC_FROM,
    replyTo: env.CLINIC_REPLY_TO,
    postalAddress: env.CLINIC_POSTAL_ADDRESS,
    phone: env.CLINIC_PHONE,
    bookingUrl: env.CLINIC_BOOKING_URL,
    logoUrl: env.CLINIC_LOGO_URL ?? null,
    colors: env.CLINIC_COLORS,
    signature: { name: name.trim(), role: role.join(',').trim() },
    timeZone: env.CLINIC_TIME_ZONE,
    openingDays: env.CLINIC_OPENING_DAYS,
    holidays: env.CLINIC_HOLIDAYS,
    urgentCareNote: env.URGENT_CARE_NOTE,
    call: call ? { who: call[0], length: call[1], cost: call[2], what: call[3] } : null,
  }
}

/** What keeps an environment from being live, each variable once. */
function lacks(given: Environment): Config['missingForLive'] {
  const issues = live.safeParse(given).error?.issues ?? []
  const byName = new Map(issues.map(({ path, message }) => [String(path[0]), message]))
  return [...byName].map(([name, expected]) => ({ name, expected }))
}

function parse<T extends z.ZodType>(schema: T, given: Environment): z.infer<T> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const name = String(issue.path[0])
  const state = given[name] === undefined ? 'is missing' : 'is wrong'
  throw new Problem('config', `${name} ${state}: expected ${issue.message}. See .env.example.`)
}
