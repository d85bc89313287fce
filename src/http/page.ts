import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Brand } from '../core/brand.ts'
import { displayPhone } from './phone.ts'

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

/** What a route says of its page. `wide` has room for a form beside its words; `bare` stands inside another page. */
export type PageProps = { title: string; wide?: boolean; bare?: boolean }

declare module 'hono' {
  interface ContextRenderer {
    (content: Markup, props: PageProps): Response | Promise<Response>
  }
}

type Clinic = Pick<Brand, 'clinicName' | 'area' | 'phone' | 'postalAddress'>

/** A whole page of the clinic around `content`: readable on a phone, in light and dark, without a script. */
export function page(
  clinic: Clinic,
  content: Markup,
  { title, wide = false, bare = false }: PageProps,
): Markup {
  const { clinicName, area, phone, postalAddress } = clinic
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${clinicName}</title>
        <link rel="stylesheet" href="/page.css" />
      </head>
      <body class="${bare ? 'bare' : wide ? 'wide' : 'narrow'}">
        ${
          !bare &&
          html`<header>
            <strong>${clinicName}</strong>
            <span>${area}</span>
          </header>`
        }
        <main>${content}</main>
        ${
          !bare &&
          html`<footer>
            <p>${postalAddress}</p>
            <p><a href="tel:${phone}">${displayPhone(phone)}</a></p>
          </footer>`
        }
      </body>
    </html>`
}

/** The sign over a page that says that something is done. */
export const doneSign = html`<svg class="sign" viewBox="0 0 48 48" aria-hidden="true">
  <circle cx="24" cy="24" r="24" />
  <path d="M14.5 24.5l6.5 6.5 13-14" />
</svg>`
