/** The one style sheet of our pages: no font, picture or script to wait for. */
export const pageCss = `
:root { color-scheme: light dark; --ink: #1d2b29; --soft: #55635f; --paper: #faf6ef; --card: #ffffff; --line: #e4dccf;
  --field: #7f8a85; --primary: #1f5d57; --hover: #174842; --on-primary: #ffffff; --tint: #e6efeb; --accent: #c9673f;
  --warn: #9c3b1b; --warn-tint: #fbeee7; --shadow: 0 1px 2px rgb(29 43 41 / .05), 0 12px 32px rgb(29 43 41 / .07); }
@media (prefers-color-scheme: dark) { :root { --ink: #efe9de; --soft: #b3beb9; --paper: #121a19; --card: #1a2523;
  --line: #2d3a37; --field: #7b8a85; --primary: #86cdbf; --hover: #a3ddd1; --on-primary: #0d1f1b; --tint: #21332f;
  --accent: #e39a78; --warn: #f2ab90; --warn-tint: #33211a; --shadow: none; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; background: var(--paper);
  color: var(--ink); border-top: 4px solid var(--primary); overflow-wrap: break-word;
  font: 1.0625rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
header, main, footer { width: 100%; max-width: 68rem; margin: 0 auto; padding-left: clamp(1.25rem, 5vw, 3rem);
  padding-right: clamp(1.25rem, 5vw, 3rem); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .75rem; padding-top: 1.5rem; }
header strong { font: 600 1.1875rem/1.4 ui-serif, "Iowan Old Style", Palatino, Georgia, serif; }
header span { color: var(--soft); font-size: .9375rem; }
main { flex: 1; padding-top: clamp(2.5rem, 9vh, 6.5rem); padding-bottom: 4rem; }
.narrow > * { max-width: 46rem; }
footer { color: var(--soft); font-size: .875rem; display: flex; flex-wrap: wrap; justify-content: space-between;
  align-items: baseline; gap: 0 2rem; padding-bottom: 2rem; }
footer::before { content: ""; flex: 0 0 100%; border-top: 1px solid var(--line); margin-bottom: 1.25rem; }
footer p { margin: 0; }
footer a { display: inline-block; padding: .25rem 0; }
h1 { font: 500 clamp(2rem, 1.4rem + 2.6vw, 3.25rem)/1.12 ui-serif, "Iowan Old Style", Palatino, Georgia, serif;
  letter-spacing: -.012em; margin: 0 0 1.125rem; text-wrap: balance; }
h2 { font-size: 1.0625rem; line-height: 1.4; margin: 0 0 1rem; }
p { margin: 0 0 1rem; text-wrap: pretty; }
.lead { font-size: clamp(1.125rem, 1.05rem + .4vw, 1.3125rem); line-height: 1.5; }
.soft { color: var(--soft); font-size: .9375rem; }
a { color: var(--primary); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
.sign { display: block; width: 3.5rem; height: 3.5rem; margin-bottom: 1.75rem; }
.sign circle { fill: var(--tint); }
.sign path { fill: none; stroke: var(--primary); stroke-width: 3.25; stroke-linecap: round; stroke-linejoin: round; }
.error { background: var(--warn-tint); color: var(--warn); border-left: 4px solid var(--warn); border-radius: .375rem;
  padding: .875rem 1.125rem; }
.errors { margin: 0 0 1rem; padding: 0; list-style: none; }
.errors li { margin: 0 0 .5rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; box-shadow: var(--shadow);
  padding: clamp(1.25rem, 4vw, 2.25rem); }
.card > label:first-of-type { margin-top: 0; }
.note { background: var(--tint); border-radius: .75rem; padding: .875rem 1.125rem; margin-top: 1.5rem;
  font-size: .9375rem; }
ol.steps { list-style: none; counter-reset: step; margin: 0; padding: 0; }
ol.steps li { counter-increment: step; position: relative; padding: .125rem 0 1rem 2.75rem; }
ol.steps li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 1.875rem; height: 1.875rem;
  border-radius: 50%; background: var(--tint); color: var(--primary); display: grid; place-items: center;
  font-size: .9375rem; font-weight: 600; }
label { display: block; font-weight: 600; font-size: .9688rem; margin: 1.125rem 0 .375rem; }
label small { font-weight: 400; font-size: .875rem; color: var(--soft); }
input, textarea { display: block; width: 100%; font: inherit; color: inherit; background: var(--paper);
  border: 1px solid var(--field); border-radius: .625rem; padding: .6875rem .875rem; min-height: 3rem; }
textarea { resize: vertical; min-height: 6.5rem; }
input:hover, textarea:hover { border-color: var(--primary); }
input[type=checkbox] { flex: none; width: 1.375rem; height: 1.375rem; min-height: 0; margin: .125rem 0 0;
  accent-color: var(--primary); }
.check { display: flex; gap: .75rem; align-items: flex-start; font-weight: 400; line-height: 1.5; margin: 1.5rem 0; }
.button, button { display: inline-flex; align-items: center; justify-content: center; min-height: 3.25rem; font: inherit;
  font-weight: 600; text-decoration: none; text-align: center; background: var(--primary); color: var(--on-primary);
  border: 0; border-radius: .75rem; padding: .75rem 1.75rem; cursor: pointer; }
.button:hover, button:hover { background: var(--hover); }
.second { background: transparent; color: var(--primary); box-shadow: inset 0 0 0 1.5px currentcolor; }
.second:hover { background: var(--tint); }
.actions { display: flex; flex-wrap: wrap; gap: .875rem; margin: 2rem 0 1.5rem; }
.choices { border-top: 1px solid var(--line); margin: 2rem 0; }
.choices section { border-bottom: 1px solid var(--line); padding: 1.25rem 0 1.5rem; }
.choices h2 { margin-bottom: .25rem; }
.card button { width: 100%; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.bare { min-height: 0; border-top: 0; }
.bare main { padding: 1rem; }
.nurture-note { background: var(--warn-tint); color: var(--warn); border-radius: .375rem; padding: .625rem .875rem;
  margin: .5rem 0 0; }
.card .nurture-note button { width: auto; min-height: 2.75rem; padding: .375rem 1rem; }
.aside { position: absolute; left: -100vw; width: 1px; height: 1px; overflow: hidden; }
@media (max-width: 30rem) { .actions > *, .narrow form > button { width: 100%; } }
.beside { display: grid; gap: 2rem clamp(3rem, 6vw, 6rem); }
@media (min-width: 56rem) { .beside { grid-template-columns: minmax(0, 1fr) minmax(0, 27rem);
  grid-template-rows: auto 1fr; } .beside .card { grid-column: 2; grid-row: 1 / 3; } }
`
