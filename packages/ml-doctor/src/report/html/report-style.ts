/** What the page of an audit adds to the common style sheet: first screen, charts, wide tables, glossary. */

export const REPORT_STYLE = `
.headlines { list-style: none; padding: 0; max-width: none; display: grid; gap: .7rem; }
.headlines li { border-left: 5px solid var(--level); padding: .1rem 0 .1rem 1rem; margin: 0; }
.headlines p { margin: .2rem 0; font-size: 1.06rem; } .headlines small { font-size: .84rem; }
.rule { border-top: 1px solid var(--line); padding-top: .5rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; max-width: none; font-size: .92rem; }
nav li { margin: 0; } nav { margin: 2rem 0 0; padding: .5rem 0; border-block: 1px solid var(--line); }
.term { color: inherit; text-decoration: underline dotted; text-underline-offset: .2em; }
.chart { overflow-x: auto; } .chart svg { display: block; width: 100%; height: auto; max-width: 46rem; }
.threats { font-size: .94rem; } .threats td, .threats th { padding-right: .7rem; }
.plain { font-size: .9rem; } .plain td, .plain th { padding: .25rem .9rem .25rem 0; } .plain tbody th { color: var(--ink); font-size: inherit; }
.plain td { overflow-wrap: anywhere; }
.glossary { grid-template-columns: minmax(8rem, 14rem) 1fr; } .glossary dt { font-weight: 600; color: var(--ink); overflow-wrap: anywhere; }
.glossary dt:target { background: var(--panel); outline: 2px solid var(--accent); }
@media (max-width: 40rem) {
  .chart svg { min-width: 30rem; }
  .glossary { grid-template-columns: 1fr; }
  table.plain { display: table; } .plain thead { display: table-header-group; } .plain tbody { display: table-row-group; }
  .plain tr { display: table-row; } .plain td, .plain th { border-bottom: 1px solid var(--line); padding: .25rem .6rem .25rem 0; }
}
@media print { nav, .skip { display: none; } .chart { overflow: visible; } .scroll { overflow: visible; } li { break-inside: avoid; } }
`;
