/** Where numbers of queries and agreements lie in the figure of what queries buy, and where its grid is. */

/** Room on the right for the letters of curves. */
export const PLOT = { left: 86, right: 690, top: 14, bottom: 352 } as const;
/** Of the plot, left and right of the outermost points. */
const MARGIN = 0.06;
/** More numbers than this would touch on a phone. */
const MOST_TICKS = 6;

export interface Scale {
  /** Pixels, by the logarithm. */
  x(queries: number): number;
  /** Pixels. */
  y(agreement: number): number;
  readonly queryTicks: readonly number[];
  readonly agreementTicks: readonly number[];
}

/** Room for all that is given: `queries` from 1, `agreements` of 0 to 1; the scale of agreement ends at 1. */
export function budgetScale(queries: readonly number[], agreements: readonly number[]): Scale {
  const [least, most] = spread(Math.min(...queries, Number.POSITIVE_INFINITY), Math.max(...queries, 1));
  const floor = Math.max(0, Math.min(8, Math.floor(10 * Math.min(...agreements, 1) + 1e-9)));
  const step = floor < 5 ? 2 : 1;
  const tenths = floor - (floor % step);
  const from = Math.log10(least);
  const perDecade = (1 - 2 * MARGIN) / (Math.log10(most) - from);
  const width = PLOT.right - PLOT.left;
  return {
    x: (value) => PLOT.left + (MARGIN + (Math.log10(value) - from) * perDecade) * width,
    y: (value) => PLOT.bottom - ((value * 10 - tenths) / (10 - tenths)) * (PLOT.bottom - PLOT.top),
    queryTicks: ticksBetween(least, most),
    agreementTicks: Array.from({ length: (10 - tenths) / step + 1 }, (_, i) => (10 - i * step) / 10),
  };
}

/** A single number lies in the middle. */
function spread(least: number, most: number): readonly [number, number] {
  if (!Number.isFinite(least)) return [1, 10];
  return most > least ? [least, most] : [least / 2, most * 2];
}

/** As many round numbers as fit; where none lies between, the ends. */
function ticksBetween(least: number, most: number): readonly number[] {
  const decades = Array.from({ length: 17 }, (_, k) => 10 ** k);
  const among = (digits: readonly number[]) =>
    decades.flatMap((decade) => digits.map((digit) => digit * decade)).filter((n) => least <= n && n <= most);
  const found = [[1, 2, 5], [1, 3], [1]].map(among).find((ticks) => ticks.length <= MOST_TICKS) ?? [];
  return found.length >= 2 ? found : [...new Set([Math.ceil(least), Math.floor(most)])];
}
