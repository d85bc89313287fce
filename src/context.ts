import type { Logger } from 'pino'
import type { BookingAdapter, NoticeAdapter } from './booking/adapter.ts'
import type { FormAdapter, FormReader } from './capture/adapter.ts'
import type { Coalescer } from './coalescer.ts'
import type { Config } from './config.ts'
import type { BookingReader } from './core/booking.ts'
import type { Brand } from './core/brand.ts'
import type { CaptureResult, ReadCapture } from './core/capture.ts'
import type { ClaimMarks } from './core/claim-mark.ts'
import type { Clock } from './core/clock.ts'
import type { CopyDesk, PublishedCopy } from './core/copy.ts'
import type {
  DigestAlertProps,
  EncodedMail,
  FreshLeadAlertProps,
  MailProps,
  RenderCounts,
  RenderedMail,
} from './core/mail.ts'
import type { Sequence } from './core/sequence.ts'
import type { FormSecrets } from './form-secrets.ts'
import type { Links } from './links.ts'
import type { LogoReader } from './mail/logo-reader.ts'
import type { Mailer } from './mail/mailer.ts'
import type { SenderDns } from './mail/sender-dns.ts'
import type { SealedEnvelopes } from './sealed-envelopes.ts'
import type { Db } from './store/db.ts'
import type { SuppressionHasher } from './suppression-hasher.ts'

/** Everything an action may touch. Entry points build it once; a test builds one with what it wants to be different. */
export type Context = {
  /** Its brand is the one in force: what the studio stored, over what the environment says. */
  config: Config
  /** The brand as the environment says. */
  brandDefaults: Brand
  senderDns: SenderDns
  logos: LogoReader
  db: Db
  clock: Clock
  mailer: Mailer
  renderer: {
    /** A promise only where the mail is not compiled yet. */
    encoded(template: string, props: MailProps): EncodedMail | Promise<EncodedMail>
    freshLeadAlert(props: FreshLeadAlertProps): Promise<RenderedMail>
    digestAlert(props: DigestAlertProps): Promise<RenderedMail>
    /** How mails were rendered since it was last asked. */
    takeCounts(): RenderCounts
  }
  /** Names of the templates there are. */
  templates: ReadonlySet<string>
  copyDesk: CopyDesk
  /** Published copy by template, as of this process's last tick. */
  published: Map<string, PublishedCopy>
  /** How far this process's claims have come. */
  claimMarks: ClaimMarks
  sealedEnvelopes: SealedEnvelopes
  sequences: Readonly<Record<string, Sequence>>
  forms: Readonly<Record<string, FormAdapter>>
  /** Those of the forms' tools that must be asked and for which we have a key. */
  formReaders: Readonly<Record<string, FormReader>>
  bookings: Readonly<Record<string, BookingAdapter | NoticeAdapter>>
  /** Those of the tools that must be asked and for which we have a key. */
  bookingReaders: Readonly<Record<string, BookingReader>>
  /** Stores captures, those that come together in one batch. */
  captures: Coalescer<ReadCapture, CaptureResult>
  links: Links
  formSecrets: FormSecrets
  suppression: SuppressionHasher
  /**
   * Asks for a tick soon, or only for sealing what there is `room` for again. Never waits and never fails: without it the
   * next heartbeat does the work.
   */
  wake(only?: 'room'): void
  log: Logger
}
