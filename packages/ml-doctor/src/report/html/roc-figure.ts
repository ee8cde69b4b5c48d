/**
 * The log-log ROC as inline SVG.
 *
 * Written by hand rather than with a charting library: the figure is one fixed shape, takes its colours from the page
 * (so that dark mode and print need no second picture), follows the step rule that the metrics follow, and costs no
 * dependency.
 */

import { grouped, oneIn, percent, percentWithInterval, plural } from '../format.ts';
import { attackLabels } from '../labels.ts';
import { ONE_RUN } from '../privacy.ts';
import type { Metric, Result, Roc } from '../schema.ts';
import { html, type Markup } from './markup.ts';
import { fillClass, letter, MAX_CURVES, px, strokeClass } from './series.ts';

/** A result that has a curve. */
export interface Curve {
  readonly label: string;
  readonly roc: Roc;
  readonly nonMembers: number;
  /** TPR at {@link MARKED_RATE}, when known. */
  readonly marked: Metric | undefined;
}

const WIDTH = 720;
const HEIGHT = 500;
const PLOT = { left: 86, right: 700, top: 14, bottom: 432 } as const;
const MARKED_RATE = 0.01;

/** Of attacks on the target: what an audit of the training names are canaries of another model. */
export function curvesOf(results: readonly Result[]): Curve[] {
  const labelOf = attackLabels(results);
  return results.flatMap((result) => {
    const { attack, defense, curves, records, metrics } = result;
    if (attack === ONE_RUN || curves.roc === undefined || curves.roc.fpr.length === 0) return [];
    const label = labelOf(result);
    return {
      label: defense.name === 'none' ? label : `${label} against ${defense.name}`,
      roc: curves.roc,
      nonMembers: records.nonMembers,
      marked: metrics[`tprAtFpr${MARKED_RATE}`],
    };
  });
}

/** Figure and legend for 1 to {@link MAX_CURVES} curves; later ones are left out and counted, so pass the most telling first. */
export function rocFigure(all: readonly Curve[]): Markup {
  const curves = all.slice(0, MAX_CURVES);
  const nonMembers = Math.max(...curves.map((curve) => curve.nonMembers), 1);
  const scale = logScale(nonMembers);
  const edge = px(scale.x(1 / nonMembers));
  return html`<figure>
<svg class="roc" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="ROC curves of ${curves.length} attacks, both axes logarithmic; the values at ${percent(MARKED_RATE)} are in the legend below">
<clipPath id="measured"><rect x="${edge}" y="${PLOT.top}" width="${px(PLOT.right - edge)}" height="${PLOT.bottom - PLOT.top}"/></clipPath>
${axes(scale)}
${blindZone(scale, nonMembers)}
<line class="chance" x1="${PLOT.left}" y1="${PLOT.bottom}" x2="${PLOT.right}" y2="${PLOT.top}"/>
${chanceLabel()}
<line class="marker" x1="${px(scale.x(MARKED_RATE))}" y1="${PLOT.top}" x2="${px(scale.x(MARKED_RATE))}" y2="${PLOT.bottom}"/>
<g clip-path="url(#measured)">${curves.map(
    (curve, i) => html`<path class="curve ${strokeClass(i)}" d="${stepPath(curve.roc, scale)}"/>
`,
  )}</g>
${markers(curves, scale)}
<rect class="frame" x="${PLOT.left}" y="${PLOT.top}" width="${PLOT.right - PLOT.left}" height="${PLOT.bottom - PLOT.top}"/>
</svg>
<figcaption><small>Named among training records, with 95 % interval, when ${oneIn(MARKED_RATE)} outsiders is falsely accused:</small>
<ul class="legend">${curves.map(
    (
      curve,
      i,
    ) => html`<li><svg viewBox="0 0 54 16" aria-hidden="true"><line class="curve ${strokeClass(i)}" x1="0" y1="8" x2="54" y2="8"/></svg>
<span><strong>${letter(i)}</strong> <code>${curve.label}</code>: ${curve.marked === undefined ? 'not measured' : percentWithInterval(curve.marked)}</span></li>
`,
  )}</ul>${all.length > curves.length && html`<small>${plural(all.length - curves.length, 'more curve')} in report.json.</small>`}</figcaption>
</figure>`;
}

interface Scale {
  /** Smallest rate shown, a power of ten; 0 is drawn there on the x axis and below it on the y axis. */
  readonly least: number;
  readonly decades: number;
  x(rate: number): number;
  y(rate: number): number;
}

/** The same decades on both axes, so that chance is the diagonal; down to the power of ten below one false positive. */
function logScale(nonMembers: number): Scale {
  const decades = Math.min(6, Math.max(2, Math.ceil(Math.log10(nonMembers) - 1e-9)));
  const share = (rate: number) => (Math.log10(rate) + decades) / decades;
  return {
    least: 10 ** -decades,
    decades,
    x: (rate) => (rate <= 0 ? PLOT.left : PLOT.left + Math.max(0, share(rate)) * (PLOT.right - PLOT.left)),
    y: (rate) => (rate <= 0 ? HEIGHT : PLOT.bottom - share(rate) * (PLOT.bottom - PLOT.top)),
  };
}

/** Path by the step rule: between two thresholds the attacker has the TPR of the stricter one. Moves under half a pixel are merged. */
function stepPath({ fpr, tpr }: Roc, scale: Scale): string {
  let lastX = scale.x(0);
  let lastY = scale.y(0);
  let path = `M${px(lastX)} ${px(lastY)}`;
  for (let i = 0; i < fpr.length; i++) {
    const x = scale.x(fpr[i]!);
    const y = scale.y(tpr[i]!);
    if (i < fpr.length - 1 && Math.abs(x - lastX) < 0.5 && Math.abs(y - lastY) < 0.5) continue;
    path += `H${px(x)}V${px(y)}`;
    lastX = x;
    lastY = y;
  }
  return path;
}

function axes(scale: Scale): Markup {
  const ticks = Array.from({ length: scale.decades + 1 }, (_, k) => 10 ** -k);
  return html`${ticks.map((rate) => {
    const x = px(scale.x(rate));
    const y = px(scale.y(rate));
    return html`<line class="grid" x1="${x}" y1="${PLOT.top}" x2="${x}" y2="${PLOT.bottom}"/><line class="grid" x1="${PLOT.left}" y1="${y}" x2="${PLOT.right}" y2="${y}"/>
<text x="${x}" y="${PLOT.bottom + 21}" text-anchor="${rate === 1 ? 'end' : 'middle'}">${tick(rate)}</text><text x="${PLOT.left - 8}" y="${px(scale.y(rate) + 4.5)}" text-anchor="end">${tick(rate)}</text>
`;
  })}<text class="axis-title" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">Outsiders falsely accused (false-positive rate)</text>
<text class="axis-title upright" transform="translate(18 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">Training records named (true-positive rate)</text>`;
}

function tick(rate: number): string {
  return `${Number((rate * 100).toPrecision(1))} %`;
}

/** Left of one false positive among all non-members nothing was measured. */
function blindZone(scale: Scale, nonMembers: number): Markup {
  const edge = scale.x(1 / nonMembers);
  const width = edge - PLOT.left;
  if (width < 1) return html``;
  return html`<rect class="blind" x="${PLOT.left}" y="${PLOT.top}" width="${px(width)}" height="${PLOT.bottom - PLOT.top}"/>
${width > 40 && html`<text class="note" transform="translate(${px(PLOT.left + width / 2 + 4)} ${PLOT.top + 10}) rotate(-90)" text-anchor="end">finer than 1 in ${grouped(nonMembers)}: not measurable</text>`}`;
}

function chanceLabel(): Markup {
  const slope = (Math.atan2(PLOT.bottom - PLOT.top, PLOT.right - PLOT.left) * 180) / Math.PI;
  const x = PLOT.left + 0.8 * (PLOT.right - PLOT.left);
  const y = PLOT.bottom - 0.8 * (PLOT.bottom - PLOT.top);
  return html`<text class="note halo" transform="translate(${px(x)} ${px(y)}) rotate(${px(-slope)}) translate(0 17)" text-anchor="middle">guessing</text>`;
}

/** At the marked rate each curve has a dot, its interval and, above it, its letter; side by side, so that none hides another. */
function markers(curves: readonly Curve[], scale: Scale): Markup {
  const shown = curves.flatMap(({ marked }, index) => (marked === undefined ? [] : { index, marked }));
  const centre = scale.x(MARKED_RATE);
  const apart = Math.min(15, 70 / shown.length);
  return html`${shown.map(({ index, marked }, order) => {
    const x = px(centre + apart * (order - (shown.length - 1) / 2));
    const at = (value: number) => px(Math.min(PLOT.bottom, scale.y(value)));
    const top = at(marked.high ?? marked.value);
    // Letters closer than they are wide take turns in two rows.
    const raised = apart < 12 && order % 2 === 1 ? 16 : 0;
    return html`<line class="whisker ${strokeClass(index, false)}" x1="${x}" y1="${top}" x2="${x}" y2="${at(marked.low ?? marked.value)}"/><circle class="${fillClass(index)}" cx="${x}" cy="${at(marked.value)}" r="4.5"/>
<text class="letter ${fillClass(index)}" x="${x}" y="${px(Math.max(PLOT.top + 13, top - 6 - raised))}" text-anchor="middle">${letter(index)}</text>
`;
  })}<text class="note halo" x="${px(centre + 6)}" y="${PLOT.bottom - 8}">${percent(MARKED_RATE)} falsely accused</text>`;
}
