/** What every chart begins with, and how its axes are laid out. */

import type { TopLevelSpec } from 'vega-lite';
import type { Axis, Chart, ChartText } from './chart.ts';
import { CONFIG } from './palette.ts';

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';
/** What vega takes a letter of the title for where it cannot measure, in pixels; in truth it is narrower. */
const LETTER = 12;
/** Of the extent of the numbers, on either side. */
const MARGIN = 0.05;

/** @param width in pixels that the title may take */
export function chartOf({ id, title, description }: ChartText, width: number, spec: object): Chart {
  const head = {
    ...{ $schema: SCHEMA, description, config: CONFIG },
    title: { text: broken(title, Math.max(30, Math.floor(width / LETTER))) },
  };
  return { id, title, description, spec: { ...head, ...spec } as TopLevelSpec };
}

/** Lines of at most so many letters, broken at spaces. */
export function broken(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > letters) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Each text once, in the order of its first use. */
export const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

/** Values of an axis from its least to its most, wide enough for all that is shown. */
export type Domain = readonly [least: number, most: number];

/** Whether the axis is logarithmic: only of numbers above 0, since others have no place there. */
export function isLog(axis: Axis, numbers: readonly number[]): boolean {
  return axis.as === 'log' && [...numbers, ...(axis.domain ?? [])].every((number) => number > 0);
}

/** The domain that was asked for, widened where a number lies beyond it; else the extent of the numbers with a margin. */
export function domainOf(axis: Axis, numbers: readonly number[]): Domain {
  const least = Math.min(...numbers);
  const most = Math.max(...numbers);
  if (axis.domain !== undefined) return [Math.min(axis.domain[0], least), Math.max(axis.domain[1], most)];
  if (numbers.length === 0) return [0, 1];
  if (isLog(axis, numbers)) {
    const room = least === most ? 2 : (most / least) ** MARGIN;
    return [least / room, most * room];
  }
  const room = least === most ? Math.max(MARGIN, Math.abs(least) * MARGIN) : (most - least) * MARGIN;
  // No share is beyond all; a margin would read as if one could be.
  const end = axis.as === 'share' && most <= 1 ? Math.min(1, most + room) : most + room;
  return [least - room, end];
}

/** Encoding of a number along an axis; `field` of the data. */
export function along(axis: Axis, domain: Domain, field: string) {
  const log = isLog(axis, domain);
  // Numbers from 0 down have no logarithm: those axes bend around 0 instead.
  const type = log ? 'log' : axis.as === 'log' ? 'symlog' : 'linear';
  return {
    ...{ field, type: 'quantitative' as const, title: axis.label },
    scale: {
      type,
      domain: [...domain],
      nice: !log && axis.domain === undefined,
      ...(!log && { zero: false }),
    },
    axis: { ...ticksOf(axis, log, domain), labelFlush: false },
  };
}

function ticksOf(axis: Axis, log: boolean, [least, most]: Domain) {
  if (axis.as === 'share') return { tickCount: 6, labelExpr: "format(datum.value * 100, '~r') + '\u00a0%'" };
  // d3's format has a hyphen for a minus only where it is told so; `,~r` has no powers of ten of a letter.
  if (log) return { values: logTicks(least, most), format: ',~r' };
  return { tickCount: 6, format: ',~r' };
}

/** Round numbers between: all of 1, 2, 5 where they are few, else powers of ten. */
function logTicks(least: number, most: number): number[] {
  const from = Math.floor(Math.log10(least));
  const decades = Array.from({ length: Math.ceil(Math.log10(most)) - from + 1 }, (_, k) => from + k);
  const among = (digits: readonly number[]) =>
    decades
      .flatMap((decade) => digits.map((digit) => Number(`${digit}e${decade}`)))
      .filter((tick) => least <= tick && tick <= most);
  const found = [among([1, 2, 5]), among([1, 3]), among([1])].find((ticks) => ticks.length <= 6);
  return found !== undefined && found.length >= 2
    ? found
    : [least, most].map((end) => Number(end.toPrecision(2)));
}

/** Where an interval was given: both its ends, a missing one at the value. */
export function limitsOf(
  value: number,
  { low, high }: { readonly low?: number; readonly high?: number },
): { readonly low: number; readonly high: number } | undefined {
  return low === undefined && high === undefined ? undefined : { low: low ?? value, high: high ?? value };
}

/** Pictures in a row: as many as fit, rather fewer than to leave the last row short. */
export function columnsOf(panels: number, width: number, most: number): number {
  const fit = Math.max(1, Math.min(panels, Math.floor(most / width)));
  for (let columns = fit; columns > fit / 2; columns--) if (panels % columns === 0) return columns;
  return fit;
}

/** Pictures side by side, one for each panel; where the last row is short, each has its own axis along x. */
export function sideBySide(panels: readonly string[], columns: number) {
  return {
    facet: { field: 'panel', type: 'nominal', sort: panels, title: null },
    columns,
    // So wide that the last label of an axis does not run into the first of the next.
    spacing: { row: 20, column: 36 },
    ...(panels.length % columns > 0 && { resolve: { axis: { x: 'independent' } } }),
  };
}
