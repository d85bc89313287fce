import { type CSSProperties, useState } from 'react'
import classes from './mail-frame.module.css'

/** A look at a mail: which words, through whose eyes, and as which device shows it. */
export type Look = {
  template: string
  of: 'draft' | 'in-force' | `${number}`
  reader?: string
  topical?: 'yes' | 'no' | undefined
  scheme?: 'light' | 'dark'
  images?: 'on' | 'off'
  /** Another one makes the frame load again. */
  version?: string
}

/** Where the server shows it. */
function lookUrl({ template, ...look }: Look): string {
  const given = Object.entries(look).filter(([, value]) => value !== undefined) as [string, string][]
  return `/studio/api/copy/${template}/preview?${new URLSearchParams(given)}`
}

/** The whole mail, drawn small. A picture: nothing in it can be reached. */
export function MailThumbnail({ look, width, height }: { look: Look; width: number; height: number }) {
  const scale = width / 640
  const box = { width, height, '--scale': scale, '--height': `${height / scale}px` } as CSSProperties
  return (
    <div className={classes.thumbnail} style={box} aria-hidden="true">
      <iframe sandbox="" loading="lazy" tabIndex={-1} title="" src={lookUrl(look)} />
    </div>
  )
}

/** Taller than most mails, so that what is scrolled to stays where it is when the words change. */
const heights = { phone: 2_600, desktop: 2_000 } as const
const widths = { phone: 375, desktop: 720 } as const

/**
 * The mail at a device's width. No script runs in it, and it has no way out: see the policy it is served with. Another
 * look takes the place of the one before when it has arrived, so that nothing flickers while somebody types.
 */
export function MailFrame({
  look,
  device,
  title,
}: {
  look: Look
  device: 'phone' | 'desktop'
  title: string
}) {
  const wanted = lookUrl(look)
  const [shown, setShown] = useState(wanted)
  return (
    <div
      className={classes.stage}
      style={{ maxWidth: widths[device] }}
      role="region"
      aria-label="Preview"
      tabIndex={0}
    >
      {[...new Set([shown, wanted])].map((url) => (
        <iframe
          key={url}
          sandbox=""
          src={url}
          title={url === shown ? title : ''}
          aria-hidden={url !== shown || undefined}
          className={url === shown ? classes.shown : classes.coming}
          style={{ height: heights[device] }}
          onLoad={() => url === wanted && setShown(url)}
        />
      ))}
    </div>
  )
}
