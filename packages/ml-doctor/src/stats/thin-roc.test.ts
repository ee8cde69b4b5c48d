import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { groupScores, rocCurve } from './roc.ts';
import { thinRoc } from './thin-roc.ts';

/** Gaussian scores, the members' shifted by `shift`. */
function gaussianRoc(size: number, shift: number) {
  const noise = stream(7, 'thin', size).normal(new Float32Array(2 * size));
  const scores = Float64Array.from(noise, (v, i) => (i < size ? v + shift : v));
  return rocCurve(
    groupScores(
      scores,
      scores.map((_, i) => (i < size ? 1 : 0)),
    ),
  );
}

describe('thinRoc', () => {
  const roc = gaussianRoc(10_000, 0.8);
  const curve = thinRoc(roc);
  const key = (fpr: number, tpr: number) => `${fpr} ${tpr}`;

  it('keeps to the number of points and to points of the curve, from (0, 0) to (1, 1)', () => {
    expect(curve.fpr).toHaveLength(500);
    const real = new Set<string>();
    roc.falsePositives.forEach((fp, k) => {
      real.add(key(fp / roc.negatives, roc.truePositives[k]! / roc.positives));
    });
    curve.fpr.forEach((fpr, k) => {
      expect(real.has(key(fpr, curve.tpr[k]!))).toBe(true);
      if (k > 0) {
        expect(fpr).toBeGreaterThanOrEqual(curve.fpr[k - 1]!);
        expect(curve.tpr[k]).toBeGreaterThanOrEqual(curve.tpr[k - 1]!);
      }
    });
    expect([curve.fpr[0], curve.tpr[0], curve.fpr.at(-1), curve.tpr.at(-1)]).toEqual([0, 0, 1, 1]);
  });

  it('keeps every corner of the low end', () => {
    const low = curve.fpr.filter((fpr) => fpr <= 0.005);
    // A false alarm that ends a step: the next record down the ranking is a member.
    for (let fp = 1; fp <= 50; fp++) {
      const k = roc.falsePositives.lastIndexOf(fp);
      const first = roc.falsePositives.indexOf(fp);
      if (k > first) expect(low).toContain(fp / roc.negatives);
    }
  });

  it('stays within 1.5 % of the curve on logarithmic axes', () => {
    for (let k = 1; k < roc.thresholds.length; k++) {
      const fpr = roc.falsePositives[k]! / roc.negatives;
      const tpr = roc.truePositives[k]! / roc.positives;
      const right = curve.fpr.findIndex((x, i) => x > fpr || (x === fpr && curve.tpr[i]! >= tpr));
      const left = right - 1;
      const [x0, x1, y0, y1] = [curve.fpr[left]!, curve.fpr[right]!, curve.tpr[left]!, curve.tpr[right]!];
      if (x0 === 0 || x0 === x1) continue;
      const share = Math.log(fpr / x0) / Math.log(x1 / x0);
      const drawn = y0 * (y1 / y0) ** share;
      expect(Math.abs(drawn / tpr - 1)).toBeLessThan(0.015);
    }
  });

  it('returns all corners where there are few, and only corners', () => {
    const few = thinRoc(rocCurve(groupScores([9, 8, 7, 6, 5, 4], [1, 1, 0, 0, 1, 0])));
    expect(few.fpr).toEqual([0, 0, 2 / 3, 2 / 3, 1]);
    expect(few.tpr).toEqual([0, 2 / 3, 2 / 3, 1, 1]);
    const tied = thinRoc(rocCurve(groupScores([1, 1, 1, 0, 0], [1, 0, 0, 1, 0])));
    expect(tied).toEqual({ fpr: [0, 2 / 3, 1], tpr: [0, 1 / 2, 1] });
  });
});
