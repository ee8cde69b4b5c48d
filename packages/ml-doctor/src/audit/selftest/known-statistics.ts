/** Statistics and the privacy accountant against closed forms, published values and plain counting. */

import { stream } from 'onnx-grad';
import { epsilonOf } from '../../privacy/epsilon.ts';
import { auc } from '../../stats/auc.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import { normalCdf, normalQuantile } from '../../stats/normal.ts';
import { groupScores, type ScoredGroups } from '../../stats/roc.ts';
import { operatingPoint } from '../../stats/tpr-at-fpr.ts';
import { type Check, check } from './check.ts';

/** What is checked; a test puts broken ones in their places. */
export interface Statistics {
  readonly auc: typeof auc;
  readonly clopperPearson: typeof clopperPearson;
  readonly operatingPoint: typeof operatingPoint;
  readonly epsilonOf: typeof epsilonOf;
  readonly stream: typeof stream;
}

const real: Statistics = { auc, clopperPearson, operatingPoint, epsilonOf, stream };

/** Evenly spread quantiles of a normal distribution: as a sample of it, but for 1/size. */
const quantiles = (size: number, mean: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => mean + normalQuantile((i + 0.5) / size));

const near = (found: number, expected: number, tolerance: number) => Math.abs(found - expected) <= tolerance;

export const statisticsChecks = (given: Partial<Statistics> = {}): readonly Check[] => {
  const { auc, clopperPearson, operatingPoint, epsilonOf, stream } = { ...real, ...given };
  return [
    check('AUC of normal scores is Φ(d/√2)', (findings) => {
      for (const d of [0, 0.5, 1, 2]) {
        const found = auc({ positives: quantiles(4000, d), negatives: quantiles(4000, 0) });
        const expected = normalCdf(d / Math.SQRT2);
        findings.must(near(found, expected, 2e-4), `${expected} at d = ${d}`, found);
      }
    }),
    check('Clopper-Pearson limits are those of the tables', (findings) => {
      // 0 and all of n in closed form; 5 of 10 as in Clopper & Pearson (Biometrika 26, 1934).
      const cases = [
        [0, 20, 0, 1 - 0.025 ** (1 / 20)],
        [20, 20, 0.025 ** (1 / 20), 1],
        [5, 10, 0.187086, 0.812914],
      ] as const;
      for (const [successes, trials, low, high] of cases) {
        const found = clopperPearson(successes, trials);
        const fits = near(found.low, low, 1e-6) && near(found.high, high, 1e-6);
        findings.must(
          fits,
          `[${low}, ${high}] of ${successes} of ${trials}`,
          `[${found.low}, ${found.high}]`,
        );
      }
    }),
    check('TPR at a small FPR is what counting at every threshold finds', (findings) => {
      const draws = stream(3, 'selftest', 'scores').normal(new Float32Array(400));
      // Rounded, so that scores tie.
      const scores = Float64Array.from(draws, (z, i) => Math.round(4 * (z + (i < 150 ? 0.8 : 0))) / 4);
      const groups = groupScores(
        scores,
        scores.map((_, i) => (i < 150 ? 1 : 0)),
      );
      for (const fpr of [0.001, 0.01, 0.05, 0.1, 0.3]) {
        const most = counted(groups, fpr);
        const { truePositives } = operatingPoint(groups, fpr);
        findings.must(truePositives === most, `${most} true positives at ${fpr}`, truePositives);
      }
    }),
    check('the accountant finds published and exact epsilons', (findings) => {
      // ML-Doctor (USENIX Security 2022), table 3: 300 epochs of batches of 64 on a quarter of each data set.
      const published = [
        [50649, 0.9, 5.139],
        [17500, 0.95, 8.408],
        [5503, 1.5, 7.762],
      ] as const;
      for (const [records, noiseMultiplier, epsilon] of published) {
        const setting = { sampleRate: 64 / records, noiseMultiplier, steps: 300 * Math.ceil(records / 64) };
        const found = epsilonOf(setting, 1e-5, 'rdp-classic');
        findings.must(near(found, epsilon, 0.001), `${epsilon} for ${records} records`, found);
      }
      // The Gaussian mechanism without sampling (Balle & Wang, ICML 2018, theorem 8).
      for (const sigma of [1, 3]) {
        const found = epsilonOf({ sampleRate: 1, noiseMultiplier: sigma, steps: 1 }, 1e-5, 'pld');
        const delta = gaussianDelta(found, sigma);
        const fits = delta <= 1e-5 && delta > 0.97e-5;
        findings.must(fits, `an epsilon whose exact delta is 1e-5 at noise ${sigma}`, `delta ${delta}`);
      }
    }),
    check('the random generator gives the numbers of other implementations', (findings) => {
      const words = [...stream(42, 'oracle', 3).uint32(new Uint32Array(8))].join();
      const expected = [
        0x9fc7937d, 0xe7a63bd5, 0xe9085f52, 0x8e61bbb5, 0x35717085, 0x92a6f9d1, 0x0dc6a3c6, 0x927f93b0,
      ].join();
      findings.must(words === expected, expected, words);
      const order = [...stream(7, 'selftest').permutation(1000)].sort((a, b) => a - b);
      findings.must(
        order.every((value, i) => value === i),
        'a permutation',
        order.slice(0, 5).join(),
      );
    }),
  ];
};

/** The most true positives of any rule "score ≥ t" that calls no more than a share of the negatives. */
const counted = ({ positives, negatives }: ScoredGroups, fpr: number): number => {
  let most = 0;
  for (const t of [...positives, ...negatives]) {
    const called = (scores: ArrayLike<number>) => Array.from(scores).filter((score) => score >= t).length;
    if (called(negatives) / negatives.length <= fpr) most = Math.max(most, called(positives));
  }
  return most;
};

const gaussianDelta = (epsilon: number, s: number): number =>
  normalCdf(1 / (2 * s) - epsilon * s) - Math.exp(epsilon) * normalCdf(-1 / (2 * s) - epsilon * s);
