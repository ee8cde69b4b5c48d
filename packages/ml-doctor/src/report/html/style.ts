/** The style sheet of the page: light and dark, phone and paper. Series colours keep apart under colour-blindness (Okabe and Ito) and differ in dashes too. */

export const STYLE = `
:root { color-scheme: light dark;
  --paper: #fff; --panel: #f5f6f8; --ink: #1b2027; --soft: #57606c; --line: #d5d9df; --accent: #0072b2;
  --high: #a8330a; --moderate: #8f5600; --low: #6a6200; --inconclusive: #4f5a68; --none-found: #2c5f88;
  --s0: #0072b2; --s1: #c75300; --s2: #00805d; --s3: #a8467f; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14171b; --panel: #1e2329; --ink: #e8eaed; --soft: #a5adb8; --line: #3a424c; --accent: #6bbcf0;
  --high: #ff9470; --moderate: #f2b45a; --low: #dcd26a; --inconclusive: #b4bdc9; --none-found: #8cc4ee;
  --s0: #56b4e9; --s1: #f0944d; --s2: #2cc9a0; --s3: #e49ac4; } }
* { box-sizing: border-box; }
.skip { position: absolute; left: -999rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .8rem; z-index: 1; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; } main:focus { outline: none; }
a { color: var(--accent); } .scroll { overflow-x: auto; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 1.9rem; margin: .1rem 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .7rem; }
h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; } main > h3 { margin-top: 1.6rem; }
p { margin: .5rem 0; max-width: 68ch; }
code { font: .92em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { background: var(--panel); padding: .8rem 1rem; border-radius: 6px; white-space: pre-wrap; margin: .6rem 0; }
small, .soft { color: var(--soft); }
.eyebrow { color: var(--soft); margin: 0; font-size: .9rem; letter-spacing: .02em; }
.verdict { border-left: 7px solid var(--level); background: var(--panel); border-radius: 0 8px 8px 0; padding: 1.1rem 1.3rem; margin: 1.4rem 0; }
.verdict h2 { margin: .35rem 0 .5rem; font-size: 1.5rem; }
.verdict p { margin-bottom: 0; }
.level { color: var(--level); font-weight: 650; white-space: nowrap; }
.level svg { width: 3.4em; height: .75em; margin-right: .5em; }
.l-high { --level: var(--high); } .l-moderate { --level: var(--moderate); } .l-low { --level: var(--low); }
.l-inconclusive { --level: var(--inconclusive); } .l-none-found { --level: var(--none-found); }
.level .on { fill: var(--level); } .level .off { fill: none; stroke: var(--level); stroke-width: 1; opacity: .6; }
.warning h2 { margin-top: .3rem; }
.warning { border: 1px solid var(--line); border-left: 7px solid var(--high); border-radius: 0 8px 8px 0; padding: .6rem 1.1rem; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; font-size: .88rem; color: var(--soft); vertical-align: bottom; }
th, td { padding: .5rem .9rem .5rem 0; border-bottom: 1px solid var(--line); }
td, th[scope=row] { vertical-align: top; }
th[scope=row] { font-size: inherit; color: inherit; }
td .interval { display: block; color: var(--soft); font-size: .88rem; white-space: nowrap; }
td .strip { display: block; width: 8.5rem; height: 14px; margin-top: .2rem; }
.strip .range { stroke: var(--accent); stroke-width: 4; opacity: .45; } .strip .dot { fill: var(--accent); }
.strip .axis { stroke: var(--line); } .strip .chance { stroke: var(--ink); stroke-dasharray: 2 2; }
.name { overflow-wrap: break-word; font-weight: 600; } .variant { font-weight: 400; color: var(--soft); }
.slices table { font-size: .9rem; } .slices td, .slices th { padding: .2rem .9rem .2rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: .7rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: .8rem 0; }
figcaption { margin-top: .6rem; }
.curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
.c0 { stroke: var(--s0); } .c1 { stroke: var(--s1); } .c2 { stroke: var(--s2); } .c3 { stroke: var(--s3); }
.second { stroke-dasharray: 8 4; }
.legend { list-style: none; margin: .3rem 0 0; padding: 0; display: grid; gap: .3rem; }
.legend li { display: flex; gap: .6rem; align-items: baseline; } .legend svg { width: 3.4rem; height: 1rem; flex: none; align-self: center; }
article { border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.2rem; margin: 1rem 0; }
article header { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; justify-content: space-between; align-items: baseline; }
ol, ul { padding-left: 1.3rem; max-width: 68ch; } li { margin: .3rem 0; }
summary { cursor: pointer; color: var(--accent); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) {
  main { padding: 1.2rem 1rem 3rem; } h1 { font-size: 1.5rem; } .verdict { padding: .9rem 1rem; } .verdict h2 { font-size: 1.25rem; }
  table, tbody { display: block; } thead { display: none; } td, th[scope=row] { border: 0; padding: .2rem 0; }
  td .interval { white-space: normal; } td, th[scope=row] { min-width: 0; overflow-wrap: anywhere; }
  tr { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .1rem 1rem; border-bottom: 1px solid var(--line); padding: .5rem 0; }
  th.name { grid-column: 1 / -1; }
  td[data-label]::before { content: attr(data-label); display: block; font-size: .82rem; color: var(--soft); }
  dl { grid-template-columns: 1fr; gap: .1rem; } dd { margin-bottom: .5rem; } article { padding: .8rem .9rem; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --panel: #f5f6f8; --ink: #000; --soft: #444; --line: #bbb; --accent: #0072b2;
    --high: #a8330a; --moderate: #8f5600; --low: #6a6200; --inconclusive: #4f5a68; --none-found: #2c5f88;
    --s0: #0072b2; --s1: #c75300; --s2: #00805d; --s3: #a8467f; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  figure, article, .verdict, tr, pre { break-inside: avoid; } pre.config { break-inside: auto; } h2, h3 { break-after: avoid; }
}
`;
