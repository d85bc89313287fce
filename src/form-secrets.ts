import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** What a public form needs that nobody but us can make. */
export type FormSecrets = {
  /** A moment as a form sends it back in `started_at`: the browser's own clock may be hours off. */
  stamp(at: Date): string
  /** The moment in a stamp, or null when it is not ours. */
  readStamp(stamp: string): Date | null
  /** Under what something that is counted is kept, so that it cannot be read or guessed from there. */
  countKey(what: string): Buffer
  /** What a tool shows us, before it sends anything, to prove that it was set up by whoever has the source. */
  verifyToken(slug: string): string
  /** Signs challenges. */
  challengeKey: string
}

/** Everything is signed with keys drawn from `appSecret`. */
export function createFormSecrets(appSecret: string): FormSecrets {
  const key = (use: string) => Buffer.from(hkdfSync('sha256', appSecret, '', use, 32))
  const [stampKey, countKey, verifyKey] = [key('form-stamps'), key('form-counts'), key('form-verify')]
  const sign = (time: string) => createHmac('sha256', stampKey).update(time).digest('base64url').slice(0, 22)
  return {
    stamp(at) {
      const time = at.getTime().toString(36)
      return `${time}.${sign(time)}`
    },
    readStamp(stamp) {
      const [time = '', signature = ''] = stamp.split('.')
      const [given, own] = [Buffer.from(signature), Buffer.from(sign(time))]
      return given.length === own.length && timingSafeEqual(given, own) ? new Date(parseInt(time, 36)) : null
    },
    verifyToken: (slug) => createHmac('sha256', verifyKey).update(slug).digest('base64url'),
    challengeKey: key('form-challenges').toString('hex'),
    countKey: (what) => createHmac('sha256', countKey).update(what).digest(),
  }
}
