/** Coverage of every interval over many samples, against truths known in closed form. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { aucMetric } from './auc.ts';
import { bestBalancedAccuracyMetric } from './best-balanced-accuracy.ts';
import { binomialAtLeast } from './binomial.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { groupScores, rocCurve } from './roc.ts';
import { decide, thresholdMetrics } from './threshold-metrics.ts';
import { tprAtFprMetric } from './tpr-at-fpr.ts';

const SAMPLES = 2000;

/** How many misses in `SAMPLES` a method of the given coverage exceeds once in a million runs. */
function mostMisses(coverage: number): number {
  let misses = Math.floor(SAMPLES * (1 - coverage));
  while (binomialAtLeast(misses + 1, SAMPLES, 1 - coverage) > 1e-6) misses++;
  return misses;
}

type Names = 'auc' | 'best' | 'balancedAccuracy' | 'accuracy' | 'precision' | 'recall' | 'f1';

describe.each([
  [50, 50],
  [400, 400],
  [60, 1000],
  [1000, 60],
])('%i members, %i non-members', (m, n) => {
  it.each([0, 0.5, 1, 2])('Gaussian scores %d apart', (shift) => {
    const threshold = 0.5;
    const t = normalCdf(shift - threshold);
    const f = normalCdf(-threshold);
    const truths: Record<Names, number> = {
      auc: normalCdf(shift / Math.SQRT2),
      best: normalCdf(shift / 2),
      balancedAccuracy: (t + 1 - f) / 2,
      accuracy: (m * t + n * (1 - f)) / (m + n),
      precision: (m * t) / (m * t + n * f),
      recall: t,
      f1: (2 * m * t) / (m * t + n * f + m),
    };
    const rates = [0.001, 0.01, 0.1];
    const missed: Record<string, number> = {};
    const count = (name: string, { low, high }: { low: number; high: number }, truth: number) => {
      missed[name] = (missed[name] ?? 0) + (low > truth || high < truth ? 1 : 0);
    };
    const truth = Uint8Array.from({ length: m + n }, (_, i) => (i < m ? 1 : 0));
    const noise = new Float32Array(m + n);
    for (let seed = 0; seed < SAMPLES; seed++) {
      stream(seed, 'coverage', m, n, `${shift}`).normal(noise);
      const scores = Float64Array.from(noise, (v, i) => (i < m ? v + shift : v));
      const groups = groupScores(scores, truth);
      count('auc', aucMetric(groups), truths.auc);
      count('best', bestBalancedAccuracyMetric(rocCurve(groups)), truths.best);
      for (const [name, metric] of Object.entries(thresholdMetrics(decide(scores, truth, threshold)))) {
        count(name, metric, truths[name as Names]);
      }
      for (const rate of rates) {
        count(`tpr${rate}`, tprAtFprMetric(groups, rate), normalCdf(shift + normalQuantile(rate)));
      }
    }
    for (const [name, misses] of Object.entries(missed)) {
      // DeLong's variance is an asymptotic one; the other intervals promise .95.
      const promised = name === 'auc' ? (Math.min(m, n) < 100 ? 0.92 : 0.94) : 0.95;
      expect(misses, `${name} missed`).toBeLessThanOrEqual(mostMisses(promised));
    }
  });
});

/** Score, share of the members with it, share of the non-members; descending. */
type Atoms = readonly (readonly [number, number, number])[];

const tied: Record<string, Atoms> = {
  'correct or not': [
    [1, 0.9, 0.7],
    [0, 0.1, 0.3],
  ],
  'posteriors rounded to one digit': [
    [3, 0.05, 0.002],
    [2, 0.15, 0.02],
    [1, 0.3, 0.2],
    [0, 0.5, 0.778],
  ],
  'separate groups': [
    [1, 1, 0],
    [0, 0, 1],
  ],
};
const astride: Record<string, Atoms> = {
  'a jump just within the limit': [
    [2, 0.5, 0.005],
    [1, 0.3, 0.0049],
    [0, 0.2, 0.9901],
  ],
  'a jump just beyond the limit': [
    [2, 0.5, 0.005],
    [1, 0.3, 0.0051],
    [0, 0.2, 0.9899],
  ],
};

describe('tprAtFprMetric on tied scores', () => {
  const misses = (atoms: Atoms, limit: number, size: number): number => {
    let [reached, alarms] = [0, 0];
    for (const [, member, other] of atoms) {
      alarms += other;
      if (alarms > limit + 1e-12) break;
      reached += member;
    }
    const draw = (u: number, column: 1 | 2) => {
      let rest = u;
      for (const atom of atoms) {
        rest -= atom[column];
        if (rest < 0) return atom[0];
      }
      return atoms.at(-1)![0];
    };
    const truth = Uint8Array.from({ length: 2 * size }, (_, i) => (i < size ? 1 : 0));
    const uniform = new Float64Array(2 * size);
    let missed = 0;
    for (let seed = 0; seed < SAMPLES; seed++) {
      stream(seed, 'tied', size).uniform(uniform);
      const groups = groupScores(
        uniform.map((u, i) => draw(u, i < size ? 1 : 2)),
        truth,
      );
      const { low, high } = tprAtFprMetric(groups, limit);
      if (low > reached + 1e-9 || high < reached - 1e-9) missed++;
    }
    return missed;
  };

  it.each(Object.keys(tied))('%s', (name) => {
    for (const size of [200, 2500]) {
      expect(misses(tied[name]!, 0.01, size)).toBeLessThanOrEqual(mostMisses(0.95));
    }
  });

  it.each(Object.keys(astride))('%s: the documented .88', (name) => {
    expect(misses(astride[name]!, 0.01, 2500)).toBeLessThanOrEqual(mostMisses(0.88));
  });
});
