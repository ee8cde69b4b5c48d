/** Reconstructions to look at: of each class what the attack made, and the records nearest to it. */

import { formatMetric, grouped, metricLabel, percent, plural } from '../format.ts';
import type { GalleryEntry, Picture, Result } from '../schema.ts';
import { html, type Markup } from './markup.ts';

/** Tiles on the page; of more classes than this the first are shown. */
export const MOST_TILES = 24;
/** Scores of a tile; the others stand in report.json. */
const SCORES = [
  'judgeAccuracy',
  'nearestMemberDistance',
  'nearestNonMemberDistance',
  'ssimNearestMember',
  'ssimNearestNonMember',
];
/** Values shown of a table row. */
const MOST_VALUES = 16;

/** Empty markup without a gallery. */
export function gallerySection({ gallery = [], reconstructions, artifacts }: Result): Markup {
  if (gallery.length === 0) return html``;
  const shown = tilesOf(gallery);
  const classes = new Set(gallery.map((entry) => entry.class)).size;
  const made = Math.max(gallery.length, reconstructions?.count ?? 0);
  return html`<p>What the attack made, beside the training record (member) and the other record (non-member) of the class that lie nearest to it:</p>
<div class="gallery">${shown.map(tile)}</div>
${shown.length < made && html`<p><small>${left(shown, made, Math.max(classes, reconstructions?.classes ?? 0), artifacts)}</small></p>`}
`;
}

/**
 * What the page shows, classes in their order: as many of each as fit, those first that the model is surest of, since
 * an attacker would pick them so.
 */
export function tilesOf(gallery: readonly GalleryEntry[]): GalleryEntry[] {
  const classes = [...new Set(gallery.map((entry) => entry.class))].slice(0, MOST_TILES);
  const each = Math.floor(MOST_TILES / Math.max(1, classes.length));
  return classes.flatMap((name) =>
    gallery
      .filter((entry) => entry.class === name)
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, each),
  );
}

function left(
  shown: readonly GalleryEntry[],
  made: number,
  classes: number,
  artifacts: Result['artifacts'],
): Markup {
  const shownClasses = new Set(shown.map((entry) => entry.class)).size;
  const others = classes > shownClasses ? `, among them ${grouped(classes - shownClasses)} more classes` : '';
  const where =
    artifacts.length > 0
      ? html`${artifacts.map(({ path }, i) => html`${i > 0 && ', '}<code>${path}</code>`)}`
      : html`<code>report.json</code>`;
  return html`Of each class those that the model is surest of; ${plural(made - shown.length, 'reconstruction')} more${others}: see ${where}.`;
}

function tile(entry: GalleryEntry): Markup {
  const { reconstruction, nearestMember, nearestNonMember, confidence, metrics } = entry;
  const scores = SCORES.flatMap((name) => {
    const metric = metrics[name];
    return metric === undefined ? [] : [{ name, metric }];
  });
  return html`<figure class="tile"><figcaption><strong>${entry.class}</strong> <small>confidence of the model ${percent(confidence)}</small></figcaption>
${
  'png' in reconstruction
    ? html`<div class="pictures">${picture(reconstruction, 'Reconstruction', `Reconstruction of class ${entry.class}`)}${picture(
        nearestMember,
        'Nearest member',
        `Training record of class ${entry.class} nearest to it`,
      )}${picture(
        nearestNonMember,
        'Nearest non-member',
        `Record of class ${entry.class} nearest to it that was not used in training`,
      )}</div>`
    : rowTable(reconstruction.values, nearestMember, nearestNonMember)
}
${
  scores.length > 0 &&
  html`<dl class="scores">${scores.map(({ name, metric }) =>
    name === 'judgeAccuracy'
      ? html`<dt>Recognised by the judge</dt><dd>${metric.value === 1 ? 'yes' : 'no'}</dd>`
      : html`<dt>${metricLabel(name)}</dt><dd>${formatMetric(name, metric).value}</dd>`,
  )}</dl>`
}</figure>
`;
}

/** A picture with its caption. The schema lets nothing but base64 through, so that the text is safe in the address. */
export function picture(shown: Picture | null, caption: string, description: string): Markup {
  return html`<div>${
    shown !== null && 'png' in shown
      ? html`<img src="data:image/png;base64,${shown.png}" width="84" alt="${description}">`
      : html`<span class="no-picture">none</span>`
  }<small>${caption}</small></div>`;
}

type Row = Extract<Picture, { readonly values: unknown }>['values'];

function rowTable(values: Row, member: Picture | null, nonMember: Picture | null): Markup {
  const shown = values.slice(0, MOST_VALUES);
  const at = (other: Picture | null, name: string) =>
    other !== null && 'values' in other
      ? valueText(other.values.find((value) => value.name === name)?.value)
      : '–';
  return html`<table><thead><tr><th scope="col">Value</th><th scope="col">Reconstruction</th><th scope="col">Nearest member</th><th scope="col">Nearest non-member</th></tr></thead>
<tbody>${shown.map(
    ({ name, value }) =>
      html`<tr><th scope="row" class="name" data-label="Value">${name}</th><td data-label="Reconstruction">${valueText(value)}</td><td data-label="Nearest member">${at(member, name)}</td><td data-label="Nearest non-member">${at(nonMember, name)}</td></tr>
`,
  )}</tbody></table>${values.length > shown.length && html`<p><small>and ${plural(values.length - shown.length, 'value')} more</small></p>`}`;
}

/** A value of a table row, numbers with four digits. */
export function valueText(value: string | number | undefined): string {
  if (value === undefined) return '–';
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : value;
}
