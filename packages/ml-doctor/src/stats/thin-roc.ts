/** Fewer points for drawing an ROC curve on logarithmic axes, without a visible difference. */
import type { Roc } from './roc.ts';

export interface RocPoints {
  /** False- and true-positive rates, both from 0 to 1, neither ever falling; parallel. */
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
}

/**
 * This share of the points goes to the low end, where every corner is kept: that is where a verdict is read
 * off.
 */
const EXACT_SHARE = 0.4;

/**
 * The curve's corners, which straight lines join into the whole curve. Of more than `maxPoints` corners,
 * those nearest (0, 0) all stay; the others are chosen one at a time, always the one farthest from the curve
 * drawn so far on log-log axes. Every point returned is a point of the curve.
 *
 * @param maxPoints at least 10
 */
export function thinRoc(roc: Roc, maxPoints = 500): RocPoints {
  const corners = cornersOf(roc);
  const kept = corners.length <= maxPoints ? corners : thin(roc, corners, maxPoints);
  return {
    fpr: kept.map((k) => roc.falsePositives[k]! / roc.negatives),
    tpr: kept.map((k) => roc.truePositives[k]! / roc.positives),
  };
}

/**
 * Indices of the first point, the last, and those where the curve changes direction; counts make the test
 * exact.
 */
function cornersOf({ falsePositives: fp, truePositives: tp }: Roc): number[] {
  const last = fp.length - 1;
  const corners = [0];
  for (let k = 1; k < last; k++) {
    const before = (fp[k]! - fp[k - 1]!) * (tp[k + 1]! - tp[k]!);
    const after = (fp[k + 1]! - fp[k]!) * (tp[k]! - tp[k - 1]!);
    if (before !== after) corners.push(k);
  }
  corners.push(last);
  return corners;
}

interface Segment {
  /** Positions in the list of corners; the corners between are not drawn. */
  readonly from: number;
  readonly to: number;
  readonly farthest: number;
  readonly distance: number;
}

function thin(roc: Roc, corners: readonly number[], maxPoints: number): number[] {
  // Half a record stands in for none, whose logarithm does not exist.
  const x = corners.map((k) => Math.log((roc.falsePositives[k]! || 0.5) / roc.negatives));
  const y = corners.map((k) => Math.log((roc.truePositives[k]! || 0.5) / roc.positives));
  const measure = (from: number, to: number): Segment => {
    const span = x[to]! - x[from]!;
    const slope = span > 0 ? (y[to]! - y[from]!) / span : 0;
    let farthest = from;
    let distance = 0;
    for (let i = from + 1; i < to; i++) {
      const off = Math.abs(y[i]! - y[from]! - slope * (x[i]! - x[from]!));
      if (off > distance) [farthest, distance] = [i, off];
    }
    return { from, to, farthest, distance };
  };
  const exact = Math.floor(EXACT_SHARE * maxPoints);
  let segments = [measure(exact - 1, corners.length - 1)];
  while (exact + segments.length < maxPoints) {
    const worst = segments.reduce((a, b) => (b.distance > a.distance ? b : a));
    if (worst.distance === 0) break;
    segments = segments.filter((segment) => segment !== worst);
    segments.push(measure(worst.from, worst.farthest), measure(worst.farthest, worst.to));
  }
  const positions = [...Array(exact).keys(), ...segments.map((segment) => segment.to).sort((a, b) => a - b)];
  return positions.map((position) => corners[position]!);
}
