/** What the page of figures adds to the style sheets: charts on paper of their own, marks of agreement, lists of files. */

export const FIGURES_STYLE = `
main { max-width: 66rem; }
.chart { overflow-x: auto; background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: .3rem; width: fit-content; max-width: 100%; }
.chart svg { display: block; width: auto; min-width: 0; max-width: none; }
.found { list-style: none; padding: 0; max-width: none; }
.found li { border-left: 5px solid var(--line); padding: .1rem 0 .1rem 1rem; margin: .8rem 0; } .found p { margin: .15rem 0; }
.found .name { font-size: 1.02rem; }
.agreement { white-space: nowrap; font-weight: 650; } .agreement b { display: inline-block; width: 1.3em; }
.a-reproduced { color: var(--s2); } .a-differs { color: var(--high); } .a-not-comparable { color: var(--soft); }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
.files { font-size: .88rem; color: var(--soft); } .files a { margin-right: .6em; }
.comparisons td { min-width: 6rem; } .comparisons td:last-child { min-width: 14rem; }
.scroll { margin: 1rem 0; } .where { display: block; }
.plain tbody th { min-width: 8rem; overflow-wrap: break-word; }
.scroll td .interval { white-space: nowrap; } .plain td { overflow-wrap: normal; }
h2 { scroll-margin-top: 1rem; }
@media (max-width: 40rem) { .plain caption { display: table-caption; } }
@media print { .chart { border: 0; } .chart svg { max-width: 100%; height: auto; } }
`;
