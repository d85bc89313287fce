/**
 * The look of the sandbox's pages: paper, ink, and an air-mail edge that says "this is post, kept here".
 * What went well is quiet; what went wrong is stamped. No fonts or images are fetched.
 */
export const pageStyle = /* css */ `
:root {
  color-scheme: light dark;
  --paper: #f5f1e8; --card: #fffdf7; --sunk: #ece6d8; --ink: #221f1a; --soft: #5f584b; --rule: #d8cfbd;
  --blue: #1d4f91; --red: #b3271c; --amber: #8a5200; --green: #256b41; --postmark: #4b5d7c;
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --card: #1d2025; --sunk: #262a31; --ink: #ece7dc; --soft: #aaa497; --rule: #363b44;
    --blue: #94bbf5; --red: #f59a8e; --amber: #ecc06f; --green: #86cfa3; --postmark: #93a5c4;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 var(--sans); }
body::before {
  content: ''; display: block; height: 8px;
  background: repeating-linear-gradient(-55deg, var(--blue) 0 18px, transparent 18px 30px, var(--red) 30px 48px, transparent 48px 60px);
}
main, .foot { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-top: 2.25rem; }
.foot { padding-top: 2.5rem; padding-bottom: 2.5rem; color: var(--soft); font-size: .875rem; }
a { color: var(--blue); text-underline-offset: .18em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--blue); outline-offset: 3px; border-radius: 2px; }
h1 { margin: 0; font: 600 clamp(1.75rem, 1.3rem + 2vw, 2.5rem)/1.15 var(--serif); letter-spacing: -.01em; overflow-wrap: anywhere; text-wrap: balance; }
h2 { margin: 0; font: 600 1.25rem/1.3 var(--serif); }
p { margin: .5rem 0 0; max-width: 65ch; }
code, pre, .mono { font-family: var(--mono); font-size: .875em; }
pre code { font-size: inherit; }
pre { margin: .75rem 0 0; padding: 1rem; background: var(--sunk); border-radius: 4px; overflow-x: auto; line-height: 1.6; tab-size: 2; }
.soft { color: var(--soft); }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--card); z-index: 1; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.find { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin-top: 1.5rem; }
.find label { flex: 1 0 100%; font-size: .875rem; color: var(--soft); }
.find input { flex: 1 1 12rem; min-width: 0; max-width: 24rem; }
.find input, .find button { min-height: 44px; padding: .5rem .875rem; border: 1px solid var(--soft); border-radius: 4px; background: var(--card); color: inherit; font: inherit; }
.find button { border-color: var(--ink); background: var(--ink); color: var(--paper); cursor: pointer; }
.day { margin: 2.25rem 0 .5rem; padding-bottom: .5rem; border-bottom: 1px solid var(--rule); font-size: 1rem; color: var(--soft); }
.mails { list-style: none; margin: 0; padding: 0; }
.mail { position: relative; display: grid; grid-template: 'time line mark' / 5rem 1fr auto; gap: 0 1rem; align-items: baseline; padding: .9rem 0; }
.mail + .mail { border-top: 1px solid var(--rule); }
.mail:hover { background: var(--card); box-shadow: -.75rem 0 var(--card), .75rem 0 var(--card); }
.mail time { grid-area: time; color: var(--soft); font-size: .875rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.mail .line { grid-area: line; min-width: 0; }
.mail .subject { font: 600 1.125rem/1.35 var(--serif); overflow-wrap: anywhere; }
.mail .subject a { color: inherit; text-decoration: none; }
.mail .subject a::after { content: ''; position: absolute; inset: 0; }
.mail .subject a:hover { text-decoration: underline; }
.mail .to { display: block; font-size: .9375rem; color: var(--soft); overflow-wrap: anywhere; }
.mail .mark { grid-area: mark; }
.tags { display: flex; flex-wrap: wrap; gap: .25rem .75rem; margin: .3rem 0 0; padding: 0; list-style: none; font: .8125rem/1.4 var(--mono); color: var(--soft); }
.tags li { overflow-wrap: anywhere; }
.quiet { font-size: .875rem; color: var(--green); white-space: nowrap; }
.quiet::before { content: ''; display: inline-block; width: .5rem; height: .5rem; margin-right: .45rem; border-radius: 50%; background: currentColor; }
.stamp { display: inline-block; padding: .1rem .5rem; border: 2px solid currentColor; border-radius: 3px; font: 700 .75rem/1.5 var(--sans); letter-spacing: .08em; text-transform: uppercase; transform: rotate(-3deg); white-space: nowrap; color: var(--red); }
.stamp.suppressed { color: var(--amber); }
.older { display: inline-block; margin-top: 1.25rem; padding: .6rem 0; }
.empty { margin-top: 2.25rem; padding: 1.75rem 1.5rem; background: var(--card); border: 1px dashed var(--soft); border-radius: 4px; }
.empty dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1.25rem; margin: .75rem 0 0; }
.empty dd { margin: 0; color: var(--soft); }
.empty h3 { margin: 1.75rem 0 0; font: 600 1rem/1.4 var(--sans); }

.back { display: inline-block; padding: .5rem 0; margin-bottom: .75rem; }
.envelope { position: relative; display: grid; grid-template-columns: 1fr auto; gap: 1rem 1.5rem; padding: 1.5rem; background: var(--card); border: 1px solid var(--rule); border-radius: 4px; box-shadow: 0 1px 0 var(--rule), 0 12px 28px -22px #000; }
.envelope > * { min-width: 0; }
.envelope .from { font-size: .875rem; color: var(--soft); overflow-wrap: anywhere; }
.envelope h1 { grid-area: 2 / 1; align-self: end; font-size: clamp(1.5rem, 1.2rem + 1.5vw, 2.125rem); }
.envelope .mark { justify-self: end; align-self: end; }
.envelope .postmark { grid-area: 1 / 2 / 3; }
.envelope .addressed { grid-column: 1 / -1; margin: 0; font-size: 1.0625rem; overflow-wrap: anywhere; }
.postmark { display: grid; place-content: center; justify-items: center; gap: .1rem; width: 6.5rem; aspect-ratio: 1; border: 2px solid var(--postmark); outline: 1px solid var(--postmark); outline-offset: -7px; border-radius: 50%; color: var(--postmark); font: 600 .75rem/1.3 var(--mono); text-align: center; text-transform: uppercase; transform: rotate(-8deg); }
.tabs { display: flex; flex-wrap: wrap; gap: 0 .25rem; margin-top: 2rem; border-bottom: 1px solid var(--rule); }
.tabs a, .widths a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 .8rem; color: var(--soft); text-decoration: none; }
.tabs a { margin-bottom: -1px; border-bottom: 3px solid transparent; }
.tabs a:hover, .widths a:hover { color: var(--ink); text-decoration: underline; }
.tabs [aria-current] { color: var(--ink); font-weight: 600; border-color: var(--red); }
.panel { padding-top: 1.25rem; }
.widths { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .25rem; margin: -.5rem 0 .5rem -.8rem; font-size: .9375rem; }
.widths [aria-current] { color: var(--ink); font-weight: 600; text-decoration: underline; text-decoration-color: var(--red); text-decoration-thickness: 2px; }
.sheet { display: block; width: 100%; height: max(30rem, 78vh); margin: 0 auto; border: 1px solid var(--rule); border-radius: 4px; background: #fff; color-scheme: light; }
.sheet.phone { max-width: 375px; }
@media (min-width: 36.01rem) {
  .sheet.phone { box-sizing: content-box; height: 667px; border: 10px solid var(--ink); border-radius: 28px; }
}
.letter { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); border: 1px solid var(--rule); font-size: .9375rem; max-width: 48rem; }
.pairs { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: .6rem 1.5rem; margin: 0; }
.pairs dt { color: var(--soft); font-size: .9375rem; }
.pairs dd { margin: 0; font: .9375rem/1.5 var(--mono); overflow-wrap: anywhere; }
.events { margin: 0; padding: 0; list-style: none; border-left: 2px solid var(--rule); }
.events li { position: relative; padding: 0 0 1.25rem 1.25rem; overflow-wrap: anywhere; }
.events li::before { content: ''; position: absolute; left: -7px; top: .45rem; width: 12px; height: 12px; border-radius: 50%; background: var(--card); border: 3px solid var(--postmark); }
.events .name { margin-right: .75rem; }
.events p { margin: .15rem 0 0; font-size: .875rem; color: var(--soft); }
.reply { display: grid; gap: .5rem; justify-items: start; max-width: 40rem; margin-bottom: 2rem; }
.reply p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
.reply textarea { width: 100%; padding: .75rem .875rem; border: 1px solid var(--soft); border-radius: 4px; background: var(--card); color: inherit; font: inherit; }
.reply .check { display: flex; gap: .75rem; align-items: center; min-height: 44px; }
.reply .check input { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--ink); }
.reply button { min-height: 44px; padding: .5rem 1.25rem; border: 1px solid var(--ink); border-radius: 4px; background: var(--ink); color: var(--paper); font: inherit; cursor: pointer; }
.events .wrote { white-space: pre-wrap; color: inherit; }
@media (max-width: 36rem) {
  main { padding-top: 1.5rem; }
  .mail { grid-template: 'time mark' 'line line' / 1fr auto; gap: .2rem 1rem; }
  .envelope { padding: 1.1rem; }
  .envelope h1 { grid-column: 1 / -1; }
  .envelope .postmark { grid-row: 1; width: 4.75rem; font-size: .5625rem; outline-offset: -6px; }
  .tabs a { padding: 0 .42rem; font-size: .9375rem; }
  .empty { padding: 1.25rem 1rem; }
  .empty dl { grid-template-columns: 1fr; gap: 0; }
  .empty dd { margin-bottom: .5rem; }
  .pairs { grid-template-columns: 1fr; gap: .1rem; }
  .pairs dd { margin-bottom: .75rem; }
}
@media (prefers-reduced-motion: no-preference) {
  .mail { transition: background-color .15s; }
}
`
