/** How two figures go together over targets: correlations with their intervals, or why there can be none. */

import { AuditError } from '../../errors.ts';
import type { Metric } from '../../report/schema.ts';
import { pearson } from '../../stats/correlation/correlation.ts';
import { correlationWithInterval, LEAST_POINTS } from '../../stats/correlation/correlation-interval.ts';
import { targetsFor } from '../../stats/correlation/targets-for.ts';
import type { Target } from '../evidence/evidence.ts';

/** A figure that targets have. */
export interface Quantity {
  /** `overfitting`, `MemInf <B,S>`. */
  readonly name: string;
  /** For axes, with what is measured. */
  readonly label: string;
  /** Undefined of a target that lacks it. */
  readonly of: (target: Target) => Metric | undefined;
}

export interface RelationPoint {
  readonly target: Target;
  readonly x: Metric;
  readonly y: Metric;
}

export interface Relation {
  readonly x: Quantity;
  readonly y: Quantity;
  readonly points: readonly RelationPoint[];
  /** Targets that lack one of the two. */
  readonly without: readonly Target[];
  /** Null where one of the two is the same for all targets. */
  readonly pearson: Metric | null;
  readonly spearman: Metric | null;
  /** Pearson's over all data sets but one, the least and the most of it: what a single data set makes of it. */
  readonly leavingOut: { readonly least: number; readonly most: number } | null;
  /** Least squares: y = at + slope · x; absent where x is the same for all targets. */
  readonly line?: { readonly at: number; readonly slope: number };
}

/** What an interval should reach, for advice. */
const REACH = 0.3;
const STRONG = 0.8;

/**
 * The correlation is one of figures that are themselves measured, which draws it towards 0; nothing is corrected for that.
 *
 * @param seed of the bootstrap
 * @throws {AuditError} MLD_TARGETS_FEW for fewer targets than an interval can be made of
 */
export function relate(targets: readonly Target[], x: Quantity, y: Quantity, seed = 0): Relation {
  const found = targets.map((target) => ({ target, x: x.of(target), y: y.of(target) }));
  const points = found.filter(
    (point): point is RelationPoint => point.x !== undefined && point.y !== undefined,
  );
  const without = targets.filter((target) => !points.some((point) => point.target === target));
  if (points.length < LEAST_POINTS) throw tooFew(points.length, x, y);
  const xs = points.map((point) => point.x.value);
  const ys = points.map((point) => point.y.value);
  const line = lineThrough(xs, ys);
  return {
    ...{ x, y, points, without },
    pearson: correlationWithInterval(xs, ys, 'pearson', seed) ?? null,
    spearman: correlationWithInterval(xs, ys, 'spearman', seed) ?? null,
    leavingOut: leavingOut(points),
    ...(line && { line }),
  };
}

/** How many targets it would take, as a sentence. */
export const neededText = (): string =>
  `An interval of ±${REACH} takes about ${targetsFor(REACH)} targets where there is no relation, and ${targetsFor(REACH, STRONG)} where it is as strong as ±${STRONG}; with fewer than ${LEAST_POINTS} there is none.`;

const tooFew = (count: number, x: Quantity, y: Quantity) =>
  new AuditError(
    'MLD_TARGETS_FEW',
    `${count === 1 ? '1 target has' : `${count} targets have`} both ${x.name} and ${y.name}, which is too few for a correlation`,
    `Add targets: other data sets, models or defences. ${neededText()}`,
  );

function lineThrough(
  xs: readonly number[],
  ys: readonly number[],
): { readonly at: number; readonly slope: number } | undefined {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const squares = xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
  if (pearson(xs, ys) === undefined) return undefined;
  const slope = xs.reduce((sum, x, i) => sum + (x - mx) * ((ys[i] as number) - my), 0) / squares;
  return { at: my - slope * mx, slope };
}

/** With fewer than three data sets, leaving one out leaves no comparison of data sets. */
function leavingOut(points: readonly RelationPoint[]): Relation['leavingOut'] {
  const names = [...new Set(points.map(({ target }) => target.data.name))];
  if (names.length < 3) return null;
  const found = names.flatMap((name) => {
    const others = points.filter(({ target }) => target.data.name !== name);
    const r = pearson(
      others.map(({ x }) => x.value),
      others.map(({ y }) => y.value),
    );
    return others.length < LEAST_POINTS || r === undefined ? [] : [r];
  });
  return found.length === 0 ? null : { least: Math.min(...found), most: Math.max(...found) };
}
