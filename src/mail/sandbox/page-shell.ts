import { html } from 'hono/html'
import { pageZone } from './page-time.ts'

/** Markup in which every value has been escaped. */
export type Html = ReturnType<typeof html>

/**
 * One page of the sandbox. In: title, markup of `<main>`, and whether it keeps itself fresh. Out: the document.
 */
export function pageShell(title: string, main: Html, fresh = false): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="/sandbox/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/sandbox/style.css" />
        ${fresh ? html`<script src="/sandbox/refresh.js" defer></script>` : ''}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the mail</a>
        <main id="main">${main}</main>
        <footer class="foot">Times are in ${pageZone()}, by the sandbox’s clock.</footer>
      </body>
    </html>`
}

/** An envelope with an air-mail edge. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="6" width="28" height="20" rx="3" fill="#fffdf7" stroke="#1d4f91" stroke-width="2.5"/><path d="M4 9l12 9 12-9" fill="none" stroke="#b3271c" stroke-width="2.5"/></svg>`
