/** The colours of the matrix: blue and orange, which colour-blind eyes keep apart, in three steps; a border where colours are not printed. */

export const MATRIX_STYLE = `
:root { --better: 0, 114, 178; --worse: 213, 94, 0; }
@media (prefers-color-scheme: dark) { :root { --better: 86, 180, 233; --worse: 240, 148, 77; } }
.key { list-style: none; padding: 0; display: grid; gap: .2rem; font-size: .88rem; max-width: none; } .key li { display: flex; gap: .6rem; align-items: baseline; margin: 0; }
.swatch { flex: none; width: 1.6em; height: 1em; align-self: center; }
.matrix > summary { padding: .6rem 0; color: var(--ink); overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.matrix table { border-collapse: separate; border-spacing: 3px; }
.matrix th, .matrix td { padding: .45rem .6rem; border-bottom: 0; vertical-align: top; min-width: 7.5rem; }
.matrix thead th { vertical-align: bottom; overflow-wrap: anywhere; } .matrix thead th:first-child { padding-left: 0; }
.matrix th[scope="row"] { color: var(--ink); padding-left: 0; min-width: 9rem; overflow-wrap: anywhere; }
.matrix th .interval { display: block; font-weight: 400; font-size: .85em; color: var(--soft); }
.matrix td { background: var(--panel); border-left: 4px solid transparent; }
.matrix td .interval { white-space: normal; }
.matrix .change { margin-top: .35rem; } .matrix .effect { display: block; font-size: .88em; font-weight: 600; margin-top: .2rem; }
.matrix .m-better, .m-better { background: rgba(var(--better), var(--depth)); border-left: 4px solid rgb(var(--better)); }
.matrix .m-worse, .m-worse { background: rgba(var(--worse), var(--depth)); border-left: 4px double rgb(var(--worse)); }
.matrix .m-undecided, .m-undecided { background: var(--panel); border-left: 4px dotted var(--line); }
.matrix .m-same, .m-same { background: none; border: 1px solid var(--line); } .matrix .m-same .effect { color: var(--soft); font-weight: 400; }
.matrix .m-alarm { border-left: 4px double rgb(var(--worse)); }
.matrix .m-missing { color: var(--soft); font-style: italic; background: none; border: 1px dashed var(--line); }
.s-1 { --depth: .12; } .s-2 { --depth: .24; } .s-3 { --depth: .4; } .matrix .s-3 .interval { color: var(--ink); }
.costs th, .costs td { border-top: 1px solid var(--line); }
@media (max-width: 40rem) {
  .matrix table { display: block; } .matrix tr { display: grid; grid-template-columns: 1fr 1fr; gap: 3px; padding: .5rem 0; }
  .matrix th[scope="row"] { grid-column: 1 / -1; } .matrix th, .matrix td { min-width: 0; }
}
@media print { :root { --better: 0, 114, 178; --worse: 213, 94, 0; } .scroll { overflow: visible; } .matrix td, .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .matrix::details-content { content-visibility: visible; block-size: auto; } .matrix th, .matrix td { min-width: 0; font-size: 8.5pt; padding: .2rem .35rem; } .matrix thead { display: table-header-group; } }
`;
