/** What the page of a study adds to the style sheet: folding data sets, headings inside tables, links. */

export const STUDY_STYLE = `
main { max-width: 62rem; }
a { color: var(--accent); }
.data > summary { display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: baseline; padding: .6rem 0; border-bottom: 1px solid var(--line); color: var(--ink); }
.data > summary::before { content: "\\25b8"; color: var(--accent); }
.data[open] > summary::before { content: "\\25be"; }
.data > summary::-webkit-details-marker { display: none; }
.data > summary strong { font-size: 1.1rem; overflow-wrap: anywhere; }
.data h3 { margin: 1.4rem 0 .3rem; }
.data table { margin-bottom: 1.6rem; table-layout: fixed; }
.data thead th { width: 16%; } .data thead th:nth-child(1) { width: 19%; } .data thead th:nth-child(2) { width: 18%; }
.data thead th:nth-child(5) { width: 19%; } .data thead th:nth-child(6) { width: 12%; }
.data .wide thead th { width: 14%; } .data .wide thead th:nth-child(5) { width: 15%; } .data .wide thead th:nth-child(6) { width: 17%; } .data .wide thead th:nth-child(7) { width: 8%; }
.data .wider thead th { width: 12%; } .data .wider thead th:nth-child(1) { width: 15%; } .data .wider thead th:nth-child(5), .data .wider thead th:nth-child(6) { width: 12%; } .data .wider thead th:nth-child(7) { width: 17%; } .data .wider thead th:nth-child(8) { width: 8%; }
.data td .interval { white-space: normal; font-size: .88em; }
.attack th { padding-top: 1rem; color: var(--ink); overflow-wrap: anywhere; }
.attack small { font-weight: 400; }
td .change { display: block; font-size: .88em; }
.data .repeats table { font-size: .9rem; } .data .repeats thead th { width: auto; }
.seeds a { margin-right: .5em; }
@media (max-width: 40rem) { .attack { display: block; } .attack th { display: block; border: 0; padding: .3rem 0; } }
@media print { .data::details-content { content-visibility: visible; block-size: auto; } .data > summary::before { content: ""; } a { color: inherit; }
  .data table { font-size: 9pt; } .data th { font-size: 8pt; } .data td, .data th { padding: .25rem .6rem .25rem 0; } }
`;
