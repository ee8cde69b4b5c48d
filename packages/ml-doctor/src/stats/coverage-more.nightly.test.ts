/** Coverage of small rates, seeds and paired differences over many samples, against truths known in closed form. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { acrossSeeds } from './across-seeds.ts';
import { aucMetric } from './auc.ts';
import { aucDifference } from './auc-difference.ts';
import { binomialAtLeast } from './binomial.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { groupScores } from './roc.ts';
import { tprAtFprMetric } from './tpr-at-fpr.ts';

/** How many misses in `samples` a method of the given coverage exceeds once in a million runs. */
function mostMisses(coverage: number, samples: number): number {
  let misses = Math.floor(samples * (1 - coverage));
  while (binomialAtLeast(misses + 1, samples, 1 - coverage) > 1e-6) misses++;
  return misses;
}

const outside = ({ low, high }: { low: number; high: number }, truth: number): number =>
  low > truth || high < truth ? 1 : 0;

describe('Gaussian scores of AUC Φ(d/√2), 1,000 samples', () => {
  it.each([0, 0.3, 1, 2])('%d apart: AUC .95 ± .02', (d) => {
    let missed = 0;
    const truth = Uint8Array.from({ length: 1000 }, (_, i) => i % 2);
    for (let seed = 0; seed < 1000; seed++) {
      const noise = stream(seed, 'coverage of auc', `${d}`).normal(new Float32Array(1000));
      const scores = noise.map((v, i) => v + d * truth[i]!);
      missed += outside(aucMetric(groupScores(scores, truth)), normalCdf(d / Math.SQRT2));
    }
    expect(missed).toBeLessThanOrEqual(70);
    expect(missed).toBeGreaterThanOrEqual(30);
  });

  it.each([
    [2000, 20_000, 0],
    [2000, 20_000, 1.5],
    [2000, 20_000, 3],
    [500, 60_000, 2],
    [5000, 5000, 1.5],
  ])('TPR of %i members, %i others, %d apart: .95 at rates .01, .001 and .0001', (m, n, d) => {
    const rates = [0.01, 0.001, 0.0001];
    const missed = rates.map(() => 0);
    const noise = new Float32Array(m + n);
    for (let seed = 0; seed < 1000; seed++) {
      stream(seed, 'coverage of tpr', m, n, `${d}`).normal(noise);
      const groups = {
        positives: Float64Array.from(noise.subarray(0, m), (v) => v + d).sort(),
        negatives: Float64Array.from(noise.subarray(m)).sort(),
      };
      rates.forEach((rate, r) => {
        missed[r]! += outside(tprAtFprMetric(groups, rate), normalCdf(d + normalQuantile(rate)));
      });
    }
    for (const misses of missed) expect(misses).toBeLessThanOrEqual(mostMisses(0.95, 1000));
  });
});

describe('aucDifference', () => {
  it.each([
    [50, 0],
    [50, 0.9],
    [400, 0.5],
    [400, 0.9],
  ])('%i records a group, correlated %d', (size, correlation) => {
    const SAMPLES = 2000;
    for (const [a, b] of [
      [0, 0],
      [0.8, 0.5],
      [1.5, 0.5],
    ] as const) {
      const truth = Uint8Array.from({ length: 2 * size }, (_, i) => i % 2);
      const difference = normalCdf(a / Math.SQRT2) - normalCdf(b / Math.SQRT2);
      let missed = 0;
      let rejected = 0;
      for (let seed = 0; seed < SAMPLES; seed++) {
        const noise = stream(seed, 'paired', size, `${correlation} ${a}`).normal(new Float32Array(4 * size));
        const first = Float64Array.from(truth, (t, i) => noise[i]! + a * t);
        const rest = Math.sqrt(1 - correlation ** 2);
        const second = Float64Array.from(
          truth,
          (t, i) => correlation * noise[i]! + rest * noise[2 * size + i]! + b * t,
        );
        const found = aucDifference(first, second, truth);
        missed += outside(found.difference, difference);
        if (found.pValue < 0.05) rejected++;
      }
      expect(missed).toBeLessThanOrEqual(mostMisses(0.93, SAMPLES));
      if (a === b) expect(Math.abs(rejected - missed)).toBeLessThanOrEqual(1);
    }
  });
});

describe('acrossSeeds', () => {
  /** Seeds move the shift of the members by `tau`; the records are drawn once or for each seed. */
  const misses = (k: number, tau: number, shared: boolean, samples: number): number => {
    const [size, d] = [150, 0.8];
    const truth = Uint8Array.from({ length: 2 * size }, (_, i) => i % 2);
    // Over seeds the shift is normal, so the mean of Φ(shift/√2) is Φ(d/√(2 + τ²)).
    const expected = normalCdf(d / Math.sqrt(2 + tau * tau));
    let missed = 0;
    for (let sample = 0; sample < samples; sample++) {
      const draw = stream(sample, 'seeds', k, `${tau}`, shared ? 1 : 0);
      const noise = draw.normal(new Float32Array(2 * size * k + k));
      const metrics = Array.from({ length: k }, (_, s) => {
        const shift = d + tau * noise[2 * size * k + s]!;
        const from = shared ? 0 : 2 * size * s;
        return aucMetric(
          groupScores(
            Float64Array.from(truth, (t, i) => noise[from + i]! + shift * t),
            truth,
          ),
        );
      });
      missed += outside(acrossSeeds(metrics, { sharedRecords: shared ? 1 : 0 }).mean, expected);
    }
    return missed;
  };

  it.each([
    [2, true],
    [3, true],
    [5, true],
    [10, true],
    [2, false],
    [3, false],
    [5, false],
    [10, false],
  ])('%i seeds, the same records: %s', (k, shared) => {
    for (const tau of [0, 0.1, 0.3]) {
      const missed = misses(k, tau, shared, 2000);
      expect(missed).toBeLessThanOrEqual(mostMisses(0.945, 2000));
    }
  });
});
