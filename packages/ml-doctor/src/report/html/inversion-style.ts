/** What inversions add to the style sheet: pictures in a grid. */

export const INVERSION_STYLE = `
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; margin: .8rem 0; }
.tile { border: 1px solid var(--line); border-radius: 6px; padding: .7rem .8rem; margin: 0; min-width: 0; break-inside: avoid; }
.tile figcaption { margin: 0 0 .5rem; overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(3, 1fr); gap: .6rem; }
.pictures img { display: block; width: 84px; max-width: 100%; height: auto; image-rendering: pixelated; border: 1px solid var(--line); background: var(--panel); }
.pictures small { display: block; margin-top: .2rem; line-height: 1.25; font-size: .8rem; }
.no-picture { display: grid; place-items: center; width: 84px; max-width: 100%; aspect-ratio: 1; border: 1px dashed var(--line); color: var(--soft); font-size: .85rem; }
.scores { grid-template-columns: 1fr max-content; gap: .05rem .8rem; margin: .6rem 0 0; font-size: .85rem; font-variant-numeric: tabular-nums; }
.tile table { font-size: .85rem; margin: 0; } .tile th { font-size: .8rem; } .tile td, .tile th { padding: .15rem .5rem .15rem 0; }
.tile td { overflow-wrap: anywhere; } .tile td.name { min-width: 6rem; }
td .interval.baseline { white-space: normal; }
@media (max-width: 40rem) { .scores { grid-template-columns: 1fr max-content; } .scores dd { margin: 0; } }
`;
