/** From where to where the axes of what queries buy reach, and where their grid is. */

/** Of the whole axis, left and right of the outermost points. */
const MARGIN = 0.06;
/** More numbers than this would touch on a phone. */
const MOST_TICKS = 6;

export interface BudgetScale {
  /** Both ends; drawn by the logarithm. */
  readonly queries: readonly [number, number];
  readonly agreement: readonly [number, number];
  readonly queryTicks: readonly number[];
  readonly agreementTicks: readonly number[];
}

/** Room for all that is given: `queries` from 1, `agreements` of 0 to 1; the scale of agreement ends at 1. */
export function budgetScale(queries: readonly number[], agreements: readonly number[]): BudgetScale {
  const [least, most] = spread(Math.min(...queries, Number.POSITIVE_INFINITY), Math.max(...queries, 1));
  const floor = Math.max(0, Math.min(8, Math.floor(10 * Math.min(...agreements, 1) + 1e-9)));
  const step = floor < 5 ? 2 : 1;
  const tenths = floor - (floor % step);
  const room = (most / least) ** (MARGIN / (1 - 2 * MARGIN));
  return {
    queries: [least / room, most * room],
    agreement: [tenths / 10, 1],
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
