// Owns the responder's page's only stylesheet. A file of its own at a versioned address, because the page's policy allows no
// inline styles. Touch targets are at least 48 px; text and controls reach WCAG AA in both schemes.

import { hashOf } from "../core/ids.ts";

const colours = `
:root {
  color-scheme: light dark;
  --paper: #f4f3ef; --card: #ffffff; --ink: #191c20; --soft: #5a626b; --line: #d9d6cd; --press: #eceae3;
  --go: #0b6b4c; --go-ink: #ffffff; --focus: #1257c4; --good: #e3f1ea; --good-ink: #0a4a35; --look: #fff1d6; --look-ink: #5c3a00;
  --rank: #48596b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1013; --card: #15191e; --ink: #e9edf1; --soft: #9ba6b1; --line: #2b323a; --press: #20262d;
    --go: #4fd09a; --go-ink: #04160e; --focus: #8ab8ff; --good: #12291f; --good-ink: #a9e8cb; --look: #33270f; --look-ink: #ffd990;
    --rank: #a6b7c9;
  }
}
.rank-0 { --rank: #b4231a; } .rank-1 { --rank: #9c4600; } .rank-2 { --rank: #755a00; }
@media (prefers-color-scheme: dark) { .rank-0 { --rank: #ff8f86; } .rank-1 { --rank: #ffb070; } .rank-2 { --rank: #e8cc5a; } }
`;

const layout = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 400 1rem/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Inter, sans-serif; overflow-wrap: anywhere; }
main { max-width: 34rem; margin: 0 auto; padding: .5rem max(1rem, env(safe-area-inset-left)) 1.5rem; }
h1 { font-size: 1.4rem; line-height: 1.22; font-weight: 650; letter-spacing: -.012em; margin: .4rem 0 .7rem; text-wrap: pretty; }
h1.long { font-size: 1.15rem; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; line-clamp: 4; overflow: hidden; }
h2 { font-size: .85rem; font-weight: 600; color: var(--soft); margin: 1.5rem 0 .35rem; }
p { margin: 0 0 .6rem; }
a { color: inherit; text-underline-offset: .2em; }
small { display: block; font-size: .8rem; font-weight: 400; line-height: 1.2; opacity: .86; }
.soft { color: var(--soft); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }

.top { display: flex; justify-content: space-between; align-items: center; gap: 1rem; font-size: .85rem; color: var(--soft); }
.tenant { font-weight: 600; }
.again { min-height: 48px; display: inline-flex; align-items: center; gap: .35em; text-decoration: none; white-space: nowrap; }

.badges { display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .6rem; margin: 0; font-size: .95rem; }
.severity { display: inline-flex; align-items: center; gap: .35rem; color: var(--rank); font-weight: 700; }
.shape .bang { fill: var(--paper); }
.tag { border: 1px solid var(--line); border-radius: 4px; padding: 0 .35rem; font-size: .8rem; color: var(--soft); }
.status { font-weight: 600; }
.mine .status { color: var(--go); }

.facts { margin: 0 0 .9rem; font-size: .95rem; line-height: 1.35; }
.facts > div { display: grid; grid-template-columns: 4.6rem 1fr; gap: .5rem; padding: .22rem 0; }
dt { color: var(--soft); } dd { margin: 0; }
.moment { display: block; } .moment b { font-weight: 650; font-variant-numeric: tabular-nums; }
`;

const controls = `
button, .button { -webkit-appearance: none; appearance: none; display: flex; flex-direction: column; align-items: center; justify-content: center;
  width: 100%; min-height: 48px; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: 12px; background: var(--card); color: var(--ink);
  font: inherit; font-weight: 600; line-height: 1.2; text-align: center; text-decoration: none; cursor: pointer; touch-action: manipulation; }
a.button { flex-direction: row; gap: .35em; }
button:active, .button:active { background: var(--press); }
.big { min-height: 60px; font-size: 1.05rem; }
.main-act { background: var(--go); border-color: var(--go); color: var(--go-ink); }
.main-act:active { background: var(--go); filter: brightness(.9); }
.first .big { min-height: 76px; font-size: 1.3rem; }
.first small { font-size: .9rem; margin-top: .1rem; }
form { margin: 0; }
.do { display: grid; gap: .6rem; }
.pair form { display: grid; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem; }
.snooze fieldset { border: 0; margin: 0; padding: 0; display: grid; grid-template-columns: 1fr 1fr 1fr 1.7fr; gap: .4rem; min-width: 0; }
.snooze legend { padding: 0; margin: 0 0 .3rem; font-size: .85rem; color: var(--soft); }
.snooze button { padding: .3rem .2rem; font-size: .95rem; font-weight: 500; }
.low .button { font-weight: 500; }
details.note[open] { grid-column: 1 / -1; }
summary { cursor: pointer; list-style: none; } summary::-webkit-details-marker { display: none; }
details.note[open] summary { margin-bottom: .6rem; }
label { display: block; font-size: .85rem; color: var(--soft); margin-bottom: .3rem; }
textarea, select, input[type="text"] { width: 100%; padding: .7rem; border: 1px solid var(--soft); border-radius: 12px; background: var(--card); color: var(--ink); font: inherit; resize: vertical; }
select, input[type="text"] { min-height: 56px; }
select { margin-bottom: .6rem; }
.note form button { margin-top: .5rem; min-height: 56px; }
.offer { margin: 1.1rem 0 0; padding: .8rem .9rem; border: 1px solid var(--line); border-radius: 12px; display: grid; gap: .5rem; font-size: .95rem; }

.notice { border-radius: 12px; padding: .7rem .9rem; margin: 0 0 .8rem; }
.notice strong { display: block; }
.notice.done { background: var(--good); color: var(--good-ink); }
.notice.attention { background: var(--look); color: var(--look-ink); }

.undo { position: relative; }
.undo button { position: relative; overflow: hidden; }
.fuse { position: absolute; left: 0; bottom: 0; height: 3px; width: 100%; background: var(--soft); transform-origin: left; animation: burn 30s linear forwards; }
.undo { animation: gone 0s linear 30s forwards; }
@keyframes burn { from { transform: scaleX(1); } to { transform: scaleX(0); } }
/* Its place stays: nothing may move under a thumb. */
@keyframes gone { to { visibility: hidden; } }
${[5, 10, 15, 20, 25].map((s) => `.left-${s} { animation-delay: ${s}s; } .left-${s} .fuse { animation-delay: -${30 - s}s; }`).join("\n")}
@media (prefers-reduced-motion: reduce) { .fuse { display: none; } }
`;

const rest = `
.lines { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
.lines li { display: grid; grid-template-columns: 4.6rem 1fr; gap: .5rem; padding: .3rem 0; }
.lines time { color: var(--soft); font-variant-numeric: tabular-nums; }
.alert { margin-top: .8rem; border-top: 1px solid var(--line); }
.alert summary { min-height: 48px; display: flex; align-items: center; gap: .35em; font-weight: 600; }
.alert summary::before { content: ""; width: .45em; height: .45em; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); margin-right: .35em; }
.alert[open] summary::before { transform: rotate(45deg); }
.alert a { display: inline-flex; align-items: center; min-height: 48px; }
.body { white-space: pre-wrap; }
.labels { margin: 0 0 .6rem; font-size: .9rem; }
.labels > div { padding: .3rem 0; border-top: 1px solid var(--line); }
footer { margin-top: 1.2rem; font-size: .8rem; color: var(--soft); }

.message { padding-top: 12vh; display: grid; gap: .8rem; }
.message h1 { font-size: 1.6rem; }
.message p, .todo { font-size: 1.05rem; }
.todo { padding-left: 1.1rem; margin: 0 0 .8rem; } .todo li { margin: .35rem 0; }

@media (max-width: 20rem) { .snooze fieldset { grid-template-columns: 1fr 1fr; } }
@media (min-width: 60rem) {
  main:not(.message) { max-width: 64rem; display: grid; grid-template-columns: minmax(0, 34rem) minmax(0, 1fr); column-gap: 3.5rem; padding-top: 1.5rem; align-items: start; grid-auto-rows: min-content; }
  .top, .notice, footer { grid-column: 1 / -1; }
  .what, .do { grid-column: 1; }
  .record { grid-column: 2; grid-row: 2 / span 3; }
  .notice ~ .record { grid-row: 3 / span 3; }
  .record h2 { margin-top: .2rem; }
  h1 { font-size: 1.75rem; } h1.long { font-size: 1.3rem; }
}
@media print { .do, .again { display: none; } }
`;

export const style: string = [colours, layout, controls, rest].join("").trim();

/** Changes with the sheet, so that it may be kept for a year. */
export const styleHref = `/r/style.css?v=${hashOf([style], 8)}`;
