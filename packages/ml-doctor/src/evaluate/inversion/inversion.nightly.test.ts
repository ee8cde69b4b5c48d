/** How often the evaluation of an inversion accuses attacks that know no member, and how often its intervals hold. */
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { type MadeOptions, madeEvidence } from '../../../test/evaluate/inversion-evidence.ts';
import { binomialAtLeast } from '../../stats/binomial.ts';
import { macroF1Metric } from '../../stats/macro-f1.ts';
import { meanMetric, shareMetric } from '../../stats/strata.ts';
import { evaluateInversion } from './evaluate-inversion.ts';

const AUDITS = 300;

/** How many of `trials` an event of probability `p` exceeds once in 100,000 runs. */
function most(trials: number, p: number): number {
  let count = Math.floor(trials * p);
  while (binomialAtLeast(count + 1, trials, p) > 1e-5) count++;
  return count;
}

describe('reconstructions that know no member', () => {
  it.each<[string, MadeOptions, boolean?]>([
    ['draws from the class', { kind: 'fresh' }],
    ['its mean, once', { kind: 'centre', perClass: 1 }],
    ['draws, few records', { kind: 'fresh', members: 3, nonMembers: 7, classes: 4 }],
    ['draws, members ten to one', { kind: 'fresh', members: 60, nonMembers: 6 }],
    ['nearly one picture for all classes', { kind: 'centre', classes: 10, perClass: 5 }, true],
  ])('%s: at most 5 %% are called closer, p-values are uniform', (_, options, one = false) => {
    const tenths = { memberCloserP: new Array(10).fill(0), memberCloserFeaturesP: new Array(10).fill(0) };
    let [closer, missed] = [0, 0];
    for (let seed = 0; seed < AUDITS; seed++) {
      const evidence = { ...madeEvidence({ ...options, seed }), baselines: [] };
      const { reconstructions } = evidence;
      const { values } = reconstructions;
      if (one) for (let i = 0; i < values.length; i++) values[i] = values[i % 16]! + i / 1e7;
      const { metrics, closeness } = evaluateInversion(evidence);
      if (closeness!.closer) closer++;
      if (metrics.memberCloser!.low > 0.5 || metrics.memberCloser!.high < 0.5) missed++;
      for (const [name, counts] of Object.entries(tenths))
        counts[Math.min(9, Math.floor(10 * metrics[name as keyof typeof tenths]!.value))]++;
    }
    expect(closer).toBeLessThanOrEqual(most(AUDITS, 0.05));
    expect(missed).toBeLessThanOrEqual(most(AUDITS, 0.05));
    for (const counts of Object.values(tenths)) {
      for (const count of counts) expect(count).toBeLessThanOrEqual(most(AUDITS, 0.1));
    }
  });
});

describe('intervals over repeats within classes', () => {
  const SAMPLES = 1500;
  const spread = [0.1, 0.3, 0.5, 0.7, 0.9];

  it.each([
    ['one each', 1, spread],
    ['two each', 2, spread],
    ['ten each', 10, spread],
    ['ten each, nearly always right', 10, [0.99, 0.98, 1, 0.97, 0.99]],
    ['three each, classes alike', 3, [0.6, 0.6, 0.6, 0.6, 0.6]],
  ])('%s: share, mean and macro-F1 are covered', (name, each, rights) => {
    // Wrong ones are seen as the class before.
    const row = (c: number, p: number) => (k: number) => (k === c ? p : k === (c + 4) % 5 ? 1 - p : 0);
    const f1 = rights.map((p, c) => (2 * p) / (1 + rights.reduce((sum, q, t) => sum + row(t, q)(c), 0)));
    const truth = { share: rights.reduce((a, b) => a + b) / 5, f1: f1.reduce((a, b) => a + b) / 5, mean: 2 };
    const missed = { share: 0, f1: 0, mean: 0 };
    for (let seed = 0; seed < SAMPLES; seed++) {
      const u = stream(seed, 'coverage', name).uniform(new Float64Array(5 * each));
      const z = stream(seed, 'coverage', name).normal(new Float32Array(5 * each));
      const of = <T>(make: (i: number, c: number) => T) =>
        rights.map((_, c) => Array.from({ length: each }, (__, i) => make(c * each + i, c)));
      const right = (i: number, c: number) => u[i]! < rights[c]!;
      const share = 1 / each;
      const accuracy = shareMetric(
        of((i, c) => ({ share, value: right(i, c) ? 1 : 0 })),
        'x',
      );
      const judged = of((i, c) => ({ share, predicted: right(i, c) ? c : (c + 4) % 5 }));
      const metrics = {
        share: accuracy,
        f1: macroF1Metric(
          judged.map((repeats, c) => ({ class: c, repeats })),
          accuracy,
          seed,
        ),
        mean: meanMetric(
          of((i, c) => ({ share, value: c + (c + 1) * z[i]! })),
          [-99, 99],
        ),
      };
      for (const key of ['share', 'f1', 'mean'] as const)
        if (metrics[key].low > truth[key] || metrics[key].high < truth[key]) missed[key]++;
    }
    expect(missed.share).toBeLessThanOrEqual(most(SAMPLES, 0.05));
    // Satterthwaite's freedom is an approximation, and F1 of few repeats is biased.
    expect(missed.mean).toBeLessThanOrEqual(most(SAMPLES, 0.07));
    expect(missed.f1).toBeLessThanOrEqual(most(SAMPLES, 0.08));
  });
});
