import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { binomialAtLeast, clopperPearson } from './binomial.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { groupScores, type ScoredGroups } from './roc.ts';
import { tprAtFprMetric } from './tpr-at-fpr.ts';

function gaussian(seed: number, members: number, others: number, shift: number): ScoredGroups {
  const noise = stream(seed, 'tpr-test').normal(new Float32Array(members + others));
  return groupScores(
    Float64Array.from(noise, (v, i) => (i < members ? v + shift : v)),
    Array.from(noise, (_, i) => (i < members ? 1 : 0)),
  );
}

describe('tprAtFprMetric', () => {
  it('covers the TPR of Gaussian scores, Φ(shift + Φ⁻¹(fpr)), over 300 samples', () => {
    for (const [shift, fpr] of [
      [0, 0.01],
      [1, 0.05],
      [2.5, 0.01],
    ] as const) {
      const truth = normalCdf(shift + normalQuantile(fpr));
      let missed = 0;
      for (let seed = 0; seed < 300; seed++) {
        const { low, high } = tprAtFprMetric(gaussian(seed, 300, 300, shift), fpr);
        if (low > truth || high < truth) missed++;
      }
      // At 5 % each, 30 or more of 300 have a probability of 3e-4; a method that forgets the threshold misses 90.
      expect(missed).toBeLessThan(30);
    }
  });

  it('forgets neither source of error', () => {
    const groups = gaussian(1, 2500, 2500, 1);
    const metric = tprAtFprMetric(groups, 0.01);
    const fixed = clopperPearson(Math.round(metric.value * 2500), 2500);
    expect(metric.low).toBeLessThan(fixed.low);
    expect(metric.high).toBeGreaterThan(fixed.high);
    // Asymptotically the two variances add; the slope of the ROC curve at .01 is that of the two densities.
    const z = normalQuantile(0.01);
    const slope = Math.exp(z * z * 0.5 - (z + 1) ** 2 * 0.5);
    const tpr = normalCdf(z + 1);
    const deviation = Math.sqrt((tpr * (1 - tpr) + slope ** 2 * 0.01 * 0.99) / 2500);
    const width = (metric.high - metric.low) / (2 * 1.96 * deviation);
    expect(width).toBeGreaterThan(0.8);
    expect(width).toBeLessThan(1.4);
  });

  it('has a closed form when the groups separate', () => {
    const size = 1000;
    const groups: ScoredGroups = {
      positives: new Float64Array(size).fill(1),
      negatives: new Float64Array(size),
    };
    const { value, low, high } = tprAtFprMetric(groups, 0.01);
    expect([value, high]).toEqual([1, 1]);
    // With no negative beyond the true threshold (chance .99^1000) nothing is known, else the TPR is size of size.
    const unknown = 0.99 ** size;
    expect(unknown + (1 - unknown) * low ** size).toBeCloseTo(0.025, 8);
  });

  it('has no lower limit where the negatives cannot resolve the rate', () => {
    const separate = (negatives: number): ScoredGroups => ({
      positives: new Float64Array(500).fill(1),
      negatives: new Float64Array(negatives),
    });
    // (1 - .001)^n falls below .025 between 3687 and 3688.
    expect(tprAtFprMetric(separate(3687), 0.001).low).toBe(0);
    expect(tprAtFprMetric(separate(3688), 0.001).low).toBeGreaterThan(0.3);
    expect(tprAtFprMetric(separate(1), 0.001)).toMatchObject({ value: 1, low: 0, high: 1 });
  });

  it('gives one score, shared by all, a rate of 0', () => {
    const { value, low, high } = tprAtFprMetric(
      { positives: new Float64Array(400), negatives: new Float64Array(400) },
      0.01,
    );
    expect([value, low]).toEqual([0, 0]);
    expect(high).toBeCloseTo(clopperPearson(0, 400).high, 3);
  });

  it('averages the binomial limits over the rank of the threshold', () => {
    // 6 negatives and 5 positives, all different: m n m n n m m n n m n, descending from 11.
    const order = [1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0];
    const groups = groupScores(
      order.map((_, i) => 11 - i),
      order,
    );
    // Positives above the k-th highest negative, k from 0 (nothing known) to 6, and 5 where no negative is left.
    const above = [0, 1, 2, 2, 4, 4, 5];
    for (const [limit, certain] of [
      [0.3, false],
      [0.7, true],
    ] as const) {
      const { low, high } = tprAtFprMetric(groups, limit);
      const averaged = (tail: (k: number) => number) =>
        above.reduce((sum, _, k) => {
          const weight = binomialAtLeast(k, 6, limit) - binomialAtLeast(k + 1, 6, limit);
          return sum + weight * tail(k);
        }, 0);
      const atLeast = (p: number) => averaged((k) => binomialAtLeast(above[k]!, 5, p));
      const atMost = (p: number) => averaged((k) => 1 - binomialAtLeast((above[k + 1] ?? 5) + 1, 5, p));
      if (certain) expect(atLeast(low)).toBeCloseTo(0.025, 8);
      else expect([low, atLeast(0) > 0.025]).toEqual([0, true]);
      if (high < 1) expect(atMost(high)).toBeCloseTo(0.025, 8);
      else expect(atMost(1)).toBeGreaterThan(0.025);
    }
  });

  it('refuses rates that are none', () => {
    const groups = groupScores([1, 0], [1, 0]);
    for (const rate of [0, 1, Number.NaN]) expect(() => tprAtFprMetric(groups, rate)).toThrow(/internal/);
  });
});
