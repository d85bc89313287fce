import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

/** A whole page around `body`: readable on a phone, in light and dark, without a script. */
export function page(title: string, body: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/page.css" />
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`
}

export const pageCss = `
:root { color-scheme: light dark; --ink: #22302d; --soft: #566560; --paper: #fbf8f3; --card: #ffffff; --line: #ddd6ca;
  --primary: #1f5d57; --on-primary: #ffffff; --warn: #9c3b1b; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece7dd; --soft: #b4bdb8; --paper: #16201e; --card: #1e2a28;
  --line: #39474400; --line: #394744; --primary: #7cc4b8; --on-primary: #10201d; --warn: #f0a184; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 38rem; margin: 0 auto; padding: clamp(1.25rem, 6vw, 4rem) 1.25rem 4rem; }
h1 { font: 600 clamp(1.75rem, 6vw, 2.5rem)/1.15 ui-serif, Georgia, "Iowan Old Style", serif; margin: 0 0 1rem;
  text-wrap: balance; }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 1rem; }
a { color: var(--primary); }
.soft { color: var(--soft); font-size: .9375rem; }
.error { color: var(--warn); font-weight: 600; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: clamp(1rem, 4vw, 1.75rem);
  margin: 1.5rem 0; }
label { display: block; font-weight: 600; margin: 1rem 0 .25rem; }
input, textarea { width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft);
  border-radius: .5rem; padding: .625rem .75rem; }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; margin: .2rem .75rem 0 0; flex: none; accent-color: var(--primary); }
.check { display: flex; align-items: flex-start; font-weight: 400; }
.button, button { display: inline-block; font: inherit; font-weight: 600; text-decoration: none; text-align: center;
  background: var(--primary); color: var(--on-primary); border: 0; border-radius: .5rem; padding: .75rem 1.25rem;
  cursor: pointer; }
.button.second { background: transparent; color: var(--primary); box-shadow: inset 0 0 0 2px var(--primary); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; }
:focus-visible { outline: 3px solid var(--primary); outline-offset: 2px; }
.aside { position: absolute; left: -100vw; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th, td { text-align: left; padding: .375rem .5rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
`
