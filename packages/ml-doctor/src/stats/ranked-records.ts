/** AUC, hits beyond few others and precision of the surest, from one sorted order, for records that count any number of times. */

/** Records by ascending score; what depends on scores by their order alone can be had from it for any weights. */
export interface RankedRecords {
  /**
   * One per record, ascending: four times its index, plus {@link HIT} if it is a hit, plus {@link LAST} if the next has
   * a larger score. Indices stay below 2^30.
   */
  readonly codes: Uint32Array;
  /** Whether all scores are equal, as those of somebody who always says the same. */
  readonly level: boolean;
}

const HIT = 2;
const LAST = 1;

/**
 * @param scores no NaN
 * @param hits 1 for a positive, or for a guess that is right, else 0; parallel to `scores`
 */
export function rankRecords(scores: ArrayLike<number>, hits: ArrayLike<number>): RankedRecords {
  const codes = new Uint32Array(scores.length).map((_, i) => i);
  codes.sort((a, b) => scores[a]! - scores[b]! || a - b);
  const last = codes.map((i, k) =>
    k === codes.length - 1 || scores[codes[k + 1]!]! !== scores[i]! ? LAST : 0,
  );
  return {
    codes: codes.map((i, k) => 4 * i + (hits[i] === 1 ? HIT : 0) + last[k]!),
    level: last.indexOf(LAST) === codes.length - 1,
  };
}

/**
 * P(hit > other) + ½ P(hit = other) over all pairs of a hit and another record, each record counted `counts[index]` times.
 * Counts are of whole half pairs, so the only rounding is in the last division.
 *
 * @returns NaN where hits or others count for nothing
 */
export function weightedAuc({ codes, level }: RankedRecords, counts: Uint8Array): number {
  if (level) {
    const counted = (kind: number) => codes.some((code) => (code & HIT) === kind && counts[code >>> 2]! > 0);
    return counted(HIT) && counted(0) ? 0.5 : Number.NaN;
  }
  let halfPairs = 0;
  let [hits, below, runHits, runOthers] = [0, 0, 0, 0];
  for (let k = 0; k < codes.length; k++) {
    const code = codes[k]!;
    const count = counts[code >>> 2]!;
    // Masked, not branched on: hits come in no order that a processor could foresee.
    const ofHits = count & -((code & HIT) >>> 1);
    runHits = (runHits + ofHits) | 0;
    runOthers = (runOthers + count - ofHits) | 0;
    if ((code & LAST) !== 0) {
      if (runHits !== 0) halfPairs += runHits * (2 * below + runOthers);
      hits += runHits;
      below += runOthers;
      runHits = 0;
      runOthers = 0;
    }
  }
  return halfPairs / (2 * hits * below);
}

/**
 * The share of hits among the `top` records with the largest scores, each record counted `counts[index]` times. Records
 * that tie for the last places share them: the figure is the mean over all ways to choose among them.
 *
 * @param top above 0, at most the sum of the counts
 */
export function weightedTopShare({ codes }: RankedRecords, counts: Uint8Array, top: number): number {
  let hits = 0;
  let left = top;
  let [runHits, run] = [0, 0];
  for (let k = codes.length - 1; k >= 0; k--) {
    const code = codes[k]!;
    const count = counts[code >>> 2]!;
    run += count;
    if (code & HIT) runHits += count;
    if (k > 0 && !(codes[k - 1]! & LAST)) continue;
    if (run >= left) return (hits + (left * runHits) / run) / top;
    hits += runHits;
    left -= run;
    runHits = 0;
    run = 0;
  }
  throw new Error(`internal: ${top} of ${top - left} records`);
}

/**
 * The largest share of hits that score at or above some threshold which at most a share `rate` of the others reaches;
 * each record counted `counts[index]` times. As `operatingPoint` of `tpr-at-fpr.ts`: equal scores stay together, and a
 * threshold above all is always allowed.
 *
 * @returns NaN where hits or others count for nothing
 */
export function weightedTailShare({ codes }: RankedRecords, counts: Uint8Array, rate: number): number {
  let [hits, others] = [0, 0];
  for (let k = 0; k < codes.length; k++) {
    const count = counts[codes[k]! >>> 2]!;
    if (codes[k]! & HIT) hits += count;
    else others += count;
  }
  if (hits === 0 || others === 0) return Number.NaN;
  let [reached, passed] = [0, 0];
  for (let k = codes.length - 1; k >= 0; ) {
    let runHits = 0;
    do {
      const code = codes[k--]!;
      const count = counts[code >>> 2]!;
      if (code & HIT) runHits += count;
      else passed += count;
    } while (k >= 0 && !(codes[k]! & LAST));
    if (passed / others > rate) break;
    reached += runHits;
  }
  return reached / hits;
}
