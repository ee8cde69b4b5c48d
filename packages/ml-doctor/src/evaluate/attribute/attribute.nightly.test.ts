/** How often the intervals of attribute inference hold what is known in closed form, or of very many records. */
import { describe, expect, it } from 'vitest';
import { type MadeOptions, madeEvidence } from '../../../test/evaluate/attribute-evidence.ts';
import type { Metric } from '../../stats/metric.ts';
import { normalCdf } from '../../stats/normal.ts';
import { evaluateAttribute } from './evaluate-attribute.ts';

const SAMPLES = 500;

/** Shares of the samples whose interval holds the truth. */
function coverage(
  options: MadeOptions,
  truths: Readonly<Record<string, number>>,
  samples = SAMPLES,
): Readonly<Record<string, number>> {
  const held: Record<string, number> = Object.fromEntries(Object.keys(truths).map((name) => [name, 0]));
  for (let seed = 1; seed <= samples; seed++) {
    const metrics = evaluateAttribute(madeEvidence({ ...options, seed })).metrics as Record<string, Metric>;
    for (const [name, truth] of Object.entries(truths)) {
      const { low, high } = metrics[name]!;
      if (low <= truth && truth <= high) held[name]! += 1 / samples;
    }
  }
  return held;
}

const accuracy = (d: number) => normalCdf(d / 2);
const auc = (d: number) => normalCdf(d / Math.SQRT2);

describe(`95 % intervals over ${SAMPLES} samples`, () => {
  it.each([
    [0.5, 0.5, 0.5],
    [1.5, 1.5, 0.5],
    [1.5, 0.8, 0.5],
    [1.5, 0.3, 0.5],
  ])('gains of two categories, clear by %d, %d on non-members, %d to the imputation', (a, b, i) => {
    const found = coverage(
      { members: 300, nonMembers: 200, attack: a, onNonMembers: b, imputation: i },
      {
        accuracyGain: accuracy(a) - accuracy(i),
        aucGain: auc(a) - auc(i),
        memberAccuracyGain: accuracy(a) - Math.max(accuracy(b), accuracy(i)),
        memberAucGain: auc(a) - Math.max(auc(b), auc(i)),
        auc: auc(a),
      },
    );
    for (const [name, share] of Object.entries(found)) {
      // Beyond non-members: fewer where nothing is gained on those, at the upper end; more where the lower end has room.
      const beyond = name.startsWith('member');
      expect(share, name).toBeGreaterThanOrEqual(beyond ? 0.9 : 0.93);
      expect(share, name).toBeLessThanOrEqual(beyond ? 0.985 : name === 'auc' ? 0.98 : 0.97);
    }
  });

  it('what members lose beyond others, seldom called greater than it is', () => {
    const SAMPLES_EACH = 300;
    for (const onNonMembers of [0.3, 0.5, 0.8]) {
      let above = 0;
      const truth = accuracy(1.5) - Math.max(accuracy(onNonMembers), accuracy(0.5));
      for (let seed = 1; seed <= SAMPLES_EACH; seed++) {
        const options = { members: 300, nonMembers: 200, attack: 1.5, onNonMembers, imputation: 0.5, seed };
        if (evaluateAttribute(madeEvidence(options)).metrics.memberAccuracyGain!.low > truth) above++;
      }
      // Of 300 with a chance of 2.5 %, more than 15 are so about once in 200 times.
      expect(above).toBeLessThanOrEqual(15);
    }
  });

  it('errors of numbers', () => {
    const found = coverage(
      { kind: 'continuous', members: 300, nonMembers: 200, attack: 0.7, onNonMembers: 0.9, imputation: 1 },
      {
        errorReduction: 0.3,
        memberErrorReduction: 0.2,
        meanAbsoluteError: 0.7 * Math.sqrt(2 / Math.PI),
      },
      3 * SAMPLES,
    );
    for (const [name, share] of Object.entries(found)) {
      expect(share, name).toBeGreaterThanOrEqual(0.93);
      expect(share, name).toBeLessThanOrEqual(0.97);
    }
  });

  it('several categories, one rare, against what 150,000 records have', () => {
    const options = { kind: 'ordinal', categories: 3, first: 0.08, attack: 1.5, imputation: 0.7 } as const;
    // As good as exact: a tenth of a standard error of 400 records.
    const all = { macroF1: 0, auc: 0, accuracyGain: 0, aucGain: 0, meanAbsoluteError: 0, errorReduction: 0 };
    const RUNS = 5;
    for (let seed = 1; seed <= RUNS; seed++) {
      const { metrics } = evaluateAttribute(
        madeEvidence({ ...options, members: 30_000, nonMembers: 1, seed: -seed }),
      );
      for (const name of Object.keys(all) as (keyof typeof all)[]) all[name] += metrics[name]!.value / RUNS;
    }
    const found = coverage({ ...options, members: 400, nonMembers: 50 }, all);
    for (const [name, share] of Object.entries(found)) {
      expect(share, name).toBeGreaterThanOrEqual(0.92);
      expect(share, name).toBeLessThanOrEqual(0.985);
    }
  });

  it('few records: never much less often than said', () => {
    const found = coverage(
      { members: 30, nonMembers: 20, attack: 1.5, onNonMembers: 0.8, imputation: 0.5 },
      {
        accuracyGain: accuracy(1.5) - accuracy(0.5),
        aucGain: auc(1.5) - auc(0.5),
        memberAccuracyGain: accuracy(1.5) - accuracy(0.8),
        memberAucGain: auc(1.5) - auc(0.8),
      },
    );
    for (const [name, share] of Object.entries(found)) expect(share, name).toBeGreaterThanOrEqual(0.92);
  });
});
