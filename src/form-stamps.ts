import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Says when a public form was opened, so that nobody else can say it: the browser's own clock may be hours off. */
export type FormStamps = {
  /** The moment as a form sends it back in `started_at`. */
  stamp(at: Date): string
  /** The moment in a stamp, or null when it is not ours. */
  read(stamp: string): Date | null
}

/** Stamps signed with a key drawn from `appSecret`. */
export function createFormStamps(appSecret: string): FormStamps {
  const key = Buffer.from(hkdfSync('sha256', appSecret, '', 'form-stamps', 32))
  const sign = (time: string) => createHmac('sha256', key).update(time).digest('base64url').slice(0, 22)
  return {
    stamp(at) {
      const time = at.getTime().toString(36)
      return `${time}.${sign(time)}`
    },
    read(stamp) {
      const [time = '', signature = ''] = stamp.split('.')
      const [given, own] = [Buffer.from(signature), Buffer.from(sign(time))]
      return given.length === own.length && timingSafeEqual(given, own) ? new Date(parseInt(time, 36)) : null
    },
  }
}
