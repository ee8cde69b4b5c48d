/** A metric and its interval drawn as a dot on a short axis, with a dashed mark where guessing would be. */

import { chanceOf, isGain, tailRate } from '../format.ts';
import type { Metric } from '../schema.ts';
import { html, type Markup } from './markup.ts';

const WIDTH = 136;
const PAD = 4;
const MIDDLE = 7;

/**
 * Empty markup for metrics without anything to compare with. Decorative: the numbers stand beside it.
 *
 * @param chance where the mark is, in place of a guesser's
 */
export function intervalStrip(
  name: string,
  metric: Metric,
  classes?: number,
  chance = chanceOf(name, classes),
): Markup {
  if (chance === undefined) return html``;
  const place =
    tailRate(name) !== undefined
      ? logarithmic(chance / 10)
      : isGain(name)
        ? linear(-0.25, 0.5)
        : FROM_NOTHING.has(name)
          ? linear(0, 1)
          : linear(0.4, 1);
  const at = (value: number) => (PAD + Math.min(1, Math.max(0, place(value))) * (WIDTH - 2 * PAD)).toFixed(1);
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} 14" aria-hidden="true"><line class="axis" x1="${PAD}" y1="${MIDDLE}" x2="${WIDTH - PAD}" y2="${MIDDLE}"/><line class="chance" x1="${at(chance)}" y1="0" x2="${at(chance)}" y2="14"/>${
    metric.low !== null &&
    metric.high !== null &&
    html`<line class="range" x1="${at(metric.low)}" y1="${MIDDLE}" x2="${at(metric.high)}" y2="${MIDDLE}"/>`
  }<circle class="dot" cx="${at(metric.value)}" cy="${MIDDLE}" r="3.2"/></svg>`;
}

/** Figures that may well lie far below one half. */
const FROM_NOTHING = new Set([
  ...['judgeAccuracy', 'memberCloser', 'memberCloserFeatures', 'agreement', 'accuracy'],
]);

function linear(from: number, to: number): (value: number) => number {
  return (value) => (value - from) / (to - from);
}

/** From `least` to 1; everything smaller lies at the left end. */
function logarithmic(least: number): (value: number) => number {
  return (value) => (value <= least ? 0 : 1 - Math.log10(value) / Math.log10(least));
}
