/** How often the bootstrapped intervals of a copy's figures miss a truth that is known. */
import { stream } from 'onnx-grad';
import { evaluateStealing } from '../../src/evaluate/stealing/evaluate-stealing.ts';
import { binomialAtLeast } from '../../src/stats/binomial.ts';
import { ofAnswers } from './stealing-evidence.ts';

/** Chance that copy and baseline agree with the target: both, the copy only, the baseline only (else neither). */
export const KINDS = {
  'a good copy': [0.55, 0.3, 0.05],
  'a copy no better than the baseline': [0.55, 0.12, 0.12],
  'a copy no better than the constant guess': [0.25, 0.25, 0.1],
} as const;

/** How sure a copy is: its answer's logit above the other, all equally likely. The target's is 1. */
const SURE = [0.3, 1, 2.5];

export interface Misses {
  /** Samples whose interval lies above the truth, and below it. */
  readonly above: number;
  readonly below: number;
}

/** Of each figure over so many samples of records of two classes, half of which the target answers either way. */
export function missesOf(
  kind: keyof typeof KINDS,
  samples: number,
  records: number,
): Readonly<Record<string, Misses>> {
  const [both, copyOnly, baselineOnly] = KINDS[kind];
  const [a, b] = [both + copyOnly, Math.max(0.5, both + baselineOnly)];
  const p = logistic(1);
  const truths = {
    agreementGain: a - b,
    agreementSkill: (a - b) / (1 - b),
    klDivergence:
      SURE.reduce(
        (sum, sure) => sum + a * divergence(p, logistic(sure)) + (1 - a) * divergence(p, logistic(-sure)),
        0,
      ) / SURE.length,
  };
  const missed = Object.fromEntries(Object.keys(truths).map((metric) => [metric, { above: 0, below: 0 }]));
  for (let seed = 0; seed < samples; seed++) {
    const drawn = stream(seed, 'coverage', kind).uniform(new Float64Array(3 * records));
    const target = Array.from({ length: records }, (_, i) => (drawn[3 * i]! < 0.5 ? 0 : 1));
    const same = (agrees: (u: number) => boolean) =>
      target.map((answer, i) => (agrees(drawn[3 * i + 1]!) ? answer : 1 - answer));
    const copy = same((u) => u < a);
    const baseline = same((u) => u < both || (u >= a && u < a + baselineOnly));
    const evidence = ofAnswers(target, target, copy, baseline);
    const sureness = (i: number) => SURE[Math.floor(SURE.length * drawn[3 * i + 2]!)]!;
    const logits = evidence.copies[0]!.logits.map((z, j) => z * sureness(Math.floor(j / 2)));
    const { metrics } = evaluateStealing({ ...evidence, copies: [{ queries: 1, logits }], seed });
    for (const [metric, truth] of Object.entries(truths)) {
      if (metrics[metric]!.low > truth + ROUNDING) missed[metric]!.above++;
      if (metrics[metric]!.high < truth - ROUNDING) missed[metric]!.below++;
    }
  }
  return missed;
}

const ROUNDING = 1e-12;

/** How many misses a chance of `each` exceeds once in ten thousand runs. */
export function mostMisses(samples: number, each: number): number {
  let misses = Math.floor(samples * each);
  while (binomialAtLeast(misses + 1, samples, each) > 1e-4) misses++;
  return misses;
}

/** KL of two classes. */
const divergence = (p: number, q: number): number =>
  p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
const logistic = (z: number): number => 1 / (1 + Math.exp(-z));
