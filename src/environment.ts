import { z } from 'zod'
import { colorsSetting, holidaysSetting, mailboxPattern, openingDaysSetting } from './brand-settings.ts'
import type { Brand } from './core/brand.ts'
import { isTimeZone } from './core/schedule.ts'

// The variables that the service knows, and in words what each has to be. `.env.example` explains them.

const list = (value: string) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)

const text = (expected: string) => z.string(expected).trim().min(1, expected)
const secret = (name: string) =>
  text(`a secret of at least 32 characters (${name})`).min(32, 'at least 32 characters')
const url = (expected: string) => z.url({ protocol: /^https?$/, error: expected })
const integer = (min: number, max: number) =>
  z.coerce
    .number(`a whole number from ${min} to ${max}`)
    .int()
    .min(min, `at least ${min}`)
    .max(max, `at most ${max}`)
const mailbox = (expected: string) => text(expected).regex(mailboxPattern, expected)
const svixSecrets = z
  .string('one or more Standard Webhooks secrets, each starting with whsec_, separated by commas')
  .transform(list)
  .pipe(
    z
      .array(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'each secret is whsec_ and then base64'))
      .min(1, 'at least one secret'),
  )
const suppressionKeys = 'keys of at least 32 characters, newest first, separated by commas'

const common = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'an address like postgres://user:password@host:5432/name')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(
      /^rediss?:\/\/[^\s,]+(\s*,\s*rediss?:\/\/[^\s,]+)*$/,
      'an address like redis://host:6379, or those of some nodes of a cluster, with commas',
    )
    .optional(),
  REDIS_CLUSTER: z.enum(['yes', 'no'], 'yes or no').default('no'),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[\w-]{1,40}$/, 'a word of letters, digits, - and _')
    .default('nurture'),
  QUEUE_POOL: integer(7, 100).default(12),
  HOST: text('an address to listen on').default('127.0.0.1'),
  PORT: integer(1, 65_535).default(3000),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'debug, info, warn, error or silent')
    .default('info'),
  BODY_LIMIT_BYTES: integer(1_024, 10_485_760).default(262_144),
  TRUSTED_PROXIES: integer(0, 10).default(0),
  FORM_LIMIT_IP_MINUTE: integer(0, 100_000).default(10),
  FORM_LIMIT_IP_HOUR: integer(0, 100_000).default(60),
  FORM_LIMIT_ADDRESS_HOUR: integer(0, 100_000).default(5),
  ALERT_DIGEST_HOUR: integer(0, 23).default(8),
  FORM_MIN_FILL_SECONDS: integer(0, 60).default(3),
  DATABASE_POOL: integer(4, 200).optional(),
  SEND_REQUESTS_PER_SECOND: integer(3, 1_000).default(8),
  SEND_CONCURRENCY: integer(1, 64).default(8),
  SEND_MIN_GAP_HOURS: integer(0, 720).default(12),
  KEEP_MAILS_DAYS: integer(1, 3_650).default(90),
  SEND_DAILY_QUOTA: integer(2, 10_000_000).optional(),
  SUPPRESSION_KEYS: z
    .string()
    .transform(list)
    .pipe(z.array(z.string().min(32, suppressionKeys)).min(1, suppressionKeys))
    .optional(),
  RESEND_BASE_URL: url('the address of a sandbox or proxy').optional(),
  REPLY_DOMAIN: z
    .string()
    .toLowerCase()
    .regex(
      /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
      'a domain such as reply.clinic.example',
    )
    .optional(),
  CALENDLY_SIGNING_KEYS: z.string().transform(list).default([]),
  CALCOM_SECRETS: z.string().transform(list).default([]),
  ACUITY_USER_ID: z.string().regex(/^\d+$/, "the number that Acuity's API page shows as User ID").optional(),
  ACUITY_API_KEYS: z.string().transform(list).default([]),
  SQUARE_SIGNATURE_KEYS: z.string().transform(list).default([]),
  SQUARE_ACCESS_TOKEN: text('an access token of Square').optional(),
  META_ACCESS_TOKEN: text('a token of the page that may read its leads').optional(),
  JANE_WEBHOOK_SECRETS: z.string().transform(list).default([]),
  BOOKING_WEBHOOK_SECRETS: svixSecrets.default([]),
  CLINIC_LOGO_URL: z.url({ protocol: /^https$/, error: 'an https address of an image' }).optional(),
  CLINIC_COLORS: colorsSetting.prefault('primary #1f5d57'),
  CLINIC_OPENING_DAYS: openingDaysSetting.prefault('Mon-Fri'),
  CLINIC_HOLIDAYS: holidaysSetting.default([]),
  CLINIC_CALL: z
    .string()
    .transform((value) => value.split('|').map((part) => part.trim()))
    .pipe(
      z.tuple(
        [z.string(), z.string(), z.string(), z.string()],
        'who | how long | what it costs | what happens',
      ),
    )
    .optional(),
}

const clinic = {
  PUBLIC_URL: z.url({ protocol: /^https$/, error: 'the https address under which this service is reached' }),
  CLINIC_NAME: text("the clinic's name"),
  CLINIC_AREA: text('where the clinic is, as people there say it'),
  CLINIC_FROM: mailbox('a sender such as Main Line Physio <hello@mail.clinic.example>'),
  CLINIC_REPLY_TO: mailbox('an address that a person reads'),
  CLINIC_POSTAL_ADDRESS: text('the postal address that the law wants in every mail'),
  CLINIC_PHONE: z
    .string('a phone number')
    .regex(/^\+[1-9]\d{6,14}$/, 'a number in E.164, such as +16105550100'),
  CLINIC_BOOKING_URL: z.url({ protocol: /^https$/, error: 'the https page on which a call is booked' }),
  CLINIC_SIGNED_BY: text('who signs the mails: name, role').regex(/,/, 'name and role, with a comma between'),
  CLINIC_TIME_ZONE: z.string('an IANA zone').refine(isTimeZone, 'an IANA zone such as America/New_York'),
  URGENT_CARE_NOTE: text("the clinic's own approved words on when to seek urgent care").min(
    40,
    'at least a sentence',
  ),
  FRONT_DESK_EMAIL: mailbox('the address that hears of every lead'),
}

/** Which variable says which field of the brand; the studio's form may say it as well. */
export const brandFields = {
  CLINIC_NAME: 'clinicName',
  CLINIC_AREA: 'area',
  CLINIC_FROM: 'from',
  CLINIC_REPLY_TO: 'replyTo',
  CLINIC_POSTAL_ADDRESS: 'postalAddress',
  CLINIC_PHONE: 'phone',
  CLINIC_BOOKING_URL: 'bookingUrl',
  CLINIC_SIGNED_BY: 'signature',
  URGENT_CARE_NOTE: 'urgentCareNote',
} as const satisfies Record<string, keyof Brand>

export const liveOnly = {
  RESEND_API_KEY: z.string().startsWith('re_', 'a key that starts with re_'),
  RESEND_WEBHOOK_SECRETS: svixSecrets,
  APP_SECRET: secret('signs every link that we send'),
  HEALTH_MAIL_DECISION: z
    .string("the clinic's recorded decision on health-related mail through the provider")
    .regex(
      /^\d{4}-\d{2}-\d{2} .{10,}$/,
      'a date, who decided, and what: 2026-11-22 Dr. Lee: general education only',
    ),
}

/** What real mail needs. */
export const live = z.object({ ...common, ...clinic, ...liveOnly })
/** What a try-out needs, beside the sample clinic: nothing. */
export const sandbox = z.object({
  ...common,
  ...clinic,
  PUBLIC_URL: url('the address under which this service is reached').optional(),
  RESEND_WEBHOOK_SECRETS: svixSecrets.optional(),
  APP_SECRET: liveOnly.APP_SECRET.optional(),
})
