import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { Problem } from '../src/core/problem.ts'

/** Everything that real mail needs, right; secrets that must never be shown. */
const live = {
  RESEND_API_KEY: 're_live_TOPSECRET_key',
  RESEND_WEBHOOK_SECRETS: 'whsec_VE9QU0VDUkVUVE9QU0VDUkVUVE9QU0VDUkVUVE9Q',
  APP_SECRET: 'TOPSECRET-app-secret-of-32-characters-or-more',
  HEALTH_MAIL_DECISION: '2026-11-22 Dr. Lee: general education only',
  PUBLIC_URL: 'https://nurture.clinic.example',
  CLINIC_NAME: 'Main Line Physio',
  CLINIC_AREA: 'the Main Line',
  CLINIC_FROM: 'Main Line Physio <hello@mail.clinic.example>',
  CLINIC_REPLY_TO: 'desk@clinic.example',
  CLINIC_POSTAL_ADDRESS: '1 Main Street, Bryn Mawr, PA 19010',
  CLINIC_PHONE: '+16105550100',
  CLINIC_BOOKING_URL: 'https://booking.clinic.example/call',
  CLINIC_SIGNED_BY: 'Jo Lee, physical therapist',
  CLINIC_TIME_ZONE: 'America/New_York',
  URGENT_CARE_NOTE: 'If you lose feeling or strength, go to an emergency department at once.',
  FRONT_DESK_EMAIL: 'desk@clinic.example',
}

const noSecrets = () => {
  throw new Error('live mode makes no secrets of its own')
}
const localSecrets = () => ({ appSecret: 'local-app-secret', resendWebhookSecret: 'whsec_bG9jYWw=' })

/** The one line with which this environment is refused. */
function refusal(
  environment: Record<string, string | undefined>,
  secrets = noSecrets as typeof localSecrets,
): string {
  try {
    readConfig(environment, secrets)
  } catch (error) {
    expect(error).toBeInstanceOf(Problem)
    expect((error as Problem).code).toBe('config')
    const { message } = error as Problem
    expect(message).not.toContain('\n')
    expect(message).not.toContain('TOPSECRET')
    return message
  }
  throw new Error('It was taken')
}

describe('connections of the database', () => {
  test('follow the number of dispatches in flight, when nothing else is said', () => {
    expect(readConfig({}, localSecrets).databasePool).toBe(16)
    expect(readConfig({ SEND_CONCURRENCY: '32' }, localSecrets).databasePool).toBe(40)
    expect(readConfig({ SEND_CONCURRENCY: '32', DATABASE_POOL: '16' }, localSecrets).databasePool).toBe(16)
  })

  test('that are too few for them stop the start', () => {
    expect(refusal({ SEND_CONCURRENCY: '32', DATABASE_POOL: '15' }, localSecrets)).toMatch(
      /^DATABASE_POOL is wrong: expected at least 16/,
    )
  })
})

describe('live', () => {
  test('with everything', () => {
    const config = readConfig(live, noSecrets)
    expect(config).toMatchObject({
      mode: 'live',
      databaseUrl: null,
      redisUrl: null,
      publicUrl: 'https://nurture.clinic.example',
      appSecret: live.APP_SECRET,
      frontDeskEmail: 'desk@clinic.example',
      resend: { apiKey: live.RESEND_API_KEY, baseUrl: 'https://api.resend.com' },
      brand: {
        clinicName: 'Main Line Physio',
        signature: { name: 'Jo Lee', role: 'physical therapist' },
        logoUrl: null,
        call: null,
      },
    })
    expect(config.sending.leaseMs).toBeGreaterThan(config.sending.timeoutMs)
  })

  test.each(Object.keys(live).filter((name) => name !== 'RESEND_API_KEY'))('without %s', (name) => {
    for (const value of [undefined, '', '   ']) {
      const message = refusal({ ...live, [name]: value })
      expect(message).toMatch(
        new RegExp(`^${name} is missing: expected \\S.{4,}\\. See \\.env\\.example\\.$`),
      )
      expect(message).not.toMatch(/invalid|undefined|received/i)
    }
  })

  test('takes nothing of the sample clinic', () => {
    expect(refusal({ RESEND_API_KEY: live.RESEND_API_KEY })).toMatch(/ is missing: /)
  })
})

describe('a wrong value is named, with what was expected, and never shown when it is a secret', () => {
  test.each([
    ['RESEND_API_KEY', 'TOPSECRET', /re_/],
    ['RESEND_WEBHOOK_SECRETS', 'TOPSECRET', /whsec_/],
    ['RESEND_WEBHOOK_SECRETS', `${live.RESEND_WEBHOOK_SECRETS},TOPSECRET`, /whsec_/],
    ['RESEND_WEBHOOK_SECRETS', ',', /secret/],
    ['RESEND_WEBHOOK_SECRETS', 'whsec_', /whsec_/],
    ['RESEND_WEBHOOK_SECRETS', 'whsec_TOPSECRET!', /whsec_/],
    ['RESEND_WEBHOOK_SECRETS', 'whsec_c2hvcnQ=', /whsec_/],
    ['APP_SECRET', 'TOPSECRET', /32/],
    ['SUPPRESSION_KEYS', 'TOPSECRET', /32/],
    ['SUPPRESSION_KEYS', ',', /32/],
    ['BOOKING_WEBHOOK_SECRETS', 'TOPSECRET', /whsec_/],
    ['HEALTH_MAIL_DECISION', 'yes', /date/],
    ['HEALTH_MAIL_DECISION', '2026-11-22', /date/],
    ['PUBLIC_URL', 'nurture.clinic.example', /https/],
    ['PUBLIC_URL', 'http://nurture.clinic.example', /https/],
    ['CLINIC_FROM', 'Main Line Physio', /sender/],
    ['CLINIC_FROM', 'a@b.example\r\nBcc: x@y.example', /sender/],
    ['CLINIC_REPLY_TO', 'desk', /address/],
    ['CLINIC_PHONE', '610 555 0100', /E\.164/],
    ['CLINIC_BOOKING_URL', 'javascript:alert(1)', /https/],
    ['CLINIC_SIGNED_BY', 'Jo Lee', /comma/],
    ['CLINIC_TIME_ZONE', 'EST5', /IANA/],
    ['CLINIC_TIME_ZONE', 'Mars/Olympus', /IANA/],
    ['CLINIC_LOGO_URL', 'http://clinic.example/logo.png', /https/],
    ['CLINIC_CALL', 'who | how long', /who \| how long \| what it costs \| what happens/],
    ['URGENT_CARE_NOTE', 'Go.', /sentence/],
    ['FRONT_DESK_EMAIL', 'desk@clinic', /address/],
    ['DATABASE_URL', 'mysql://root:TOPSECRET@localhost', /postgres:\/\//],
    ['REDIS_URL', 'TOPSECRET@localhost:6379', /redis:\/\//],
    ['REDIS_URL', 'redis://one:6379, TOPSECRET@two:6379', /with commas/],
    ['REDIS_CLUSTER', 'true', /yes or no/],
    ['QUEUE_PREFIX', '{a b}', /a word/],
    ['QUEUE_POOL', '5', /at least 7/],
    ['RESEND_BASE_URL', 'localhost:3001', /address/],
    ['PORT', 'eighty', /whole number/],
    ['PORT', '70000', /65535/],
    ['PORT', '0', /1/],
    ['PORT', '80.5', /whole number/],
    ['LOG_LEVEL', 'loud', /debug, info, warn, error or silent/],
    ['BODY_LIMIT_BYTES', '12', /1024/],
    ['DATABASE_POOL', '1', /4/],
    ['DATABASE_POOL', '3', /at least 4/],
    ['SEND_REQUESTS_PER_SECOND', '2', /at least 3/],
    ['SEND_DAILY_QUOTA', '1', /at least 2/],
    ['SEND_CONCURRENCY', '1000', /64/],
    ['SEND_MIN_GAP_HOURS', '-1', /0/],
    ['SEND_MIN_GAP_HOURS', 'a day', /whole number/],
  ])('%s=%s', (name, value, expected) => {
    const message = refusal({ ...live, [name]: value })
    expect(message).toMatch(new RegExp(`^${name} is wrong: expected `))
    expect(message).toMatch(expected)
    expect(message).not.toMatch(/invalid|received|undefined|NaN|too small|too big/i)
  })

  test.each([
    ['CLINIC_TIME_ZONE', 'nowhere'],
    ['PORT', 'x'],
    ['APP_SECRET', 'TOPSECRET'],
    ['RESEND_WEBHOOK_SECRETS', 'TOPSECRET'],
    ['PUBLIC_URL', 'nowhere'],
  ])('in the sandbox too: %s=%s', (name, value) => {
    expect(refusal({ [name]: value }, localSecrets)).toMatch(new RegExp(`^${name} is wrong: expected `))
  })
})

describe('the sandbox', () => {
  test('needs nothing', () => {
    const config = readConfig({}, localSecrets)
    expect(config).toMatchObject({
      mode: 'sandbox',
      databaseUrl: null,
      redisUrl: null,
      publicUrl: 'http://127.0.0.1:3000',
      http: { host: '127.0.0.1', port: 3000 },
      appSecret: 'local-app-secret',
      resend: { baseUrl: null, webhookSecrets: ['whsec_bG9jYWw='] },
      bookingSecrets: { calendly: [], 'cal-com': [], generic: [] },
    })
    expect(config.resend.apiKey).not.toContain('live')
  })

  test('a blank RESEND_API_KEY is none', () => {
    expect(readConfig({ RESEND_API_KEY: '  ' }, localSecrets).mode).toBe('sandbox')
  })

  test('asks for secrets of its own only when it was given none', () => {
    const { APP_SECRET, RESEND_WEBHOOK_SECRETS } = live
    const config = readConfig({ APP_SECRET, RESEND_WEBHOOK_SECRETS }, noSecrets)
    expect(config).toMatchObject({
      mode: 'sandbox',
      appSecret: APP_SECRET,
      resend: { webhookSecrets: [RESEND_WEBHOOK_SECRETS] },
    })
    expect(readConfig({ APP_SECRET }, localSecrets)).toMatchObject({
      appSecret: APP_SECRET,
      resend: { webhookSecrets: ['whsec_bG9jYWw='] },
    })
  })

  test('takes what it is told of the clinic', () => {
    const { brand } = readConfig({ CLINIC_NAME: 'Ours', CLINIC_PHONE: '+4930123456' }, localSecrets)
    expect(brand).toMatchObject({ clinicName: 'Ours', phone: '+4930123456' })
  })
})

test('RESEND_API_KEY makes it live, and nothing else does', () => {
  const { RESEND_API_KEY, ...rest } = live
  expect(readConfig({ ...rest, RESEND_API_KEY }, noSecrets).mode).toBe('live')
  expect(readConfig(rest, noSecrets).mode).toBe('sandbox')
  expect(readConfig({ ...live, RESEND_BASE_URL: 'http://127.0.0.1:3001' }, noSecrets)).toMatchObject({
    mode: 'live',
    resend: { baseUrl: 'http://127.0.0.1:3001' },
  })
})

test('.env.example explains every variable that must be there', () => {
  const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
  for (const name of Object.keys(live)) expect(example).toMatch(new RegExp(`^# ${name}=`, 'm'))
})

test('lists are split, and a slash at the end of an address is nothing', () => {
  const config = readConfig(
    {
      ...live,
      PUBLIC_URL: 'https://nurture.clinic.example/',
      CALENDLY_SIGNING_KEYS: ' one , two ,',
      CLINIC_CALL: 'Jo | 15 minutes | free | we listen',
      SUPPRESSION_KEYS: `${'n'.repeat(32)}, ${'o'.repeat(32)}`,
    },
    noSecrets,
  )
  expect(config.publicUrl).toBe('https://nurture.clinic.example')
  expect(config.bookingSecrets.calendly).toEqual(['one', 'two'])
  expect(config.brand.call).toEqual({ who: 'Jo', length: '15 minutes', cost: 'free', what: 'we listen' })
  expect(config.suppressionKeys).toEqual(['n'.repeat(32), 'o'.repeat(32)])
})
