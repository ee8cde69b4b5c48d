/** What is gained on members beyond non-members, for guesses written by hand: failing on others counts for nothing. */
import { describe, expect, it } from 'vitest';
import { madeEvidence } from '../../../test/evaluate/attribute-evidence.ts';
import type { Guesses } from '../../data/guesses.ts';
import type { Metric } from '../../stats/metric.ts';
import { evaluateAttribute } from './evaluate-attribute.ts';
import type { AttributeEvidence, Guessed } from './evidence.ts';

type Metrics = Readonly<Record<string, Metric>>;
const evaluated = (kind: AttributeEvidence['attribute'], members: Guessed, nonMembers: Guessed) =>
  evaluateAttribute({ attribute: kind, members, nonMembers, seed: 1 }).metrics as Metrics;
const ids = (from: number, size: number) => Uint32Array.from({ length: size }, (_, i) => from + i);

describe('of ten records, half of each of two categories', () => {
  const truth = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
  /** Right about so many, each time surely. */
  const right = (count: number): Guesses => {
    const predicted = truth.map((value, i) => (i % 5 < count / 2 ? value : 1 - value));
    return {
      predicted,
      beliefs: Float64Array.from({ length: 20 }, (_, i) => Number(predicted[i >> 1] === i % 2)),
    };
  };
  const group = (from: number, attack: number, imputation: number): Guessed => ({
    ...{ ids: ids(from, 10), truth, attack: right(attack), imputation: right(imputation) },
    majority: right(10),
  });
  const sex = { name: 'sex', kind: 'binary', categories: ['a', 'b'] } as const;

  // Of r right in ten, r/2 in each category, the AUC is r/10 as well.
  it.each<[number, number, number, number, number]>([
    [8, 4, 2, 6, 0.4],
    [8, 4, 4, 4, 0.4],
    [8, 4, 6, 4, 0.2],
    [8, 4, 10, 4, -0.2],
    [4, 4, 0, 10, 0],
    [2, 6, 0, 10, 0],
    [0, 10, 10, 0, -1],
    [10, 0, 0, 10, 1],
  ])('%d right of members to %d, %d of non-members to %d: %d', (a, i, b, j, expected) => {
    const metrics = evaluated(sex, group(0, a, i), group(100, b, j));
    for (const name of ['memberAccuracyGain', 'memberAucGain'])
      expect(metrics[name]!.value).toBeCloseTo(expected, 12);
  });
});

it('takes the mean over categories first, of which the attack fails on one', () => {
  const truth = Int32Array.from({ length: 30 }, (_, i) => i % 3);
  /** Its belief in category 0 and in category 1, by whether that is true. */
  const believing = (zero: readonly [number, number], one: readonly [number, number]): Guesses => ({
    predicted: new Int32Array(30),
    beliefs: Float64Array.from({ length: 90 }, (_, at) => {
      const [is, c] = [truth[Math.floor(at / 3)]!, at % 3];
      const [p, q] = [zero[Number(is === 0)]!, one[Number(is === 1)]!];
      return [p, q, 1 - p - q][c]!;
    }),
  });
  const nothing = believing([0.3, 0.3], [0.3, 0.3]);
  const group = (from: number, attack: Guesses): Guessed => ({
    ...{ ids: ids(from, 30), truth, attack, imputation: nothing, majority: nothing },
  });
  const colour = { name: 'colour', kind: 'categorical', categories: ['a', 'b', 'c'] } as const;
  const knows = believing([0.3, 0.4], [0.3, 0.3]);
  const mixed = believing([0.3, 0.6], [0.3, 0.1]);
  // Of `knows` the AUCs are 1, 1/2 and 3/4; of `mixed` 1, 0 and, with beliefs of .1, .6 and .4 in the last, 1/2.
  const { memberAucGain, aucGain } = evaluated(colour, group(0, knows), group(100, mixed));
  expect(aucGain!.value).toBeCloseTo((0.5 + 0 + 0.25) / 3, 12);
  expect(memberAucGain!.value).toBeCloseTo((0.5 + 0 + 0.25) / 3, 12);
});

describe('of numbers, off by the same each time', () => {
  const group = (from: number, attack: number, imputation: number): Guessed => {
    const truth = Float32Array.from({ length: 20 }, (_, i) => i);
    const off = (by: number): Guesses => ({ predicted: Float64Array.from(truth, (value) => value + by) });
    return {
      ...{ ids: ids(from, 20), truth, attack: off(attack), imputation: off(imputation) },
      majority: off(9),
    };
  };
  const age = { name: 'age', kind: 'continuous' } as const;

  it.each<[number, number, number, number, number]>([
    [1, 2, 4, 2, 0.5],
    [1, 2, 2, 2, 0.5],
    [1, 2, 1.5, 2, 0.25],
    [2, 2, 8, 2, 0],
    [1, 2, 0, 2, -0.5],
    [4, 2, 8, 2, 0],
  ])('%d for members to %d, %d for non-members to %d: %d', (a, i, b, j, expected) => {
    const { memberErrorReduction } = evaluated(age, group(0, a, i), group(100, b, j));
    expect(memberErrorReduction!.value).toBeCloseTo(expected, 12);
    expect(memberErrorReduction!.high).toBeLessThanOrEqual(1);
  });
});

it('is taken off in each resample: non-members that always fail widen nothing', () => {
  const kinds = [{ kind: 'binary', attack: 1.5 } as const, { kind: 'continuous', attack: 0.3 } as const];
  for (const kind of kinds) {
    const made = madeEvidence({ ...kind, members: 300, nonMembers: 300, imputation: 0.8, correlation: 0 });
    const wrong: Guesses = {
      predicted:
        kind.kind === 'binary'
          ? Int32Array.from(made.nonMembers.truth, (value) => 1 - value)
          : Float64Array.from(made.nonMembers.truth, (value) => value + 9),
      ...(kind.kind === 'binary' && {
        beliefs: Float64Array.from({ length: 600 }, (_, at) =>
          Number(made.nonMembers.truth[at >> 1] !== at % 2),
        ),
      }),
    };
    const { metrics } = evaluateAttribute({ ...made, nonMembers: { ...made.nonMembers, attack: wrong } });
    const all = metrics as Metrics;
    for (const [beyond, gain] of [
      ['memberAccuracyGain', 'accuracyGain'],
      ['memberAucGain', 'aucGain'],
      ['memberErrorReduction', 'errorReduction'],
    ] as const)
      if (all[gain])
        expect(all[beyond], beyond).toMatchObject({
          ...{ value: all[gain].value, low: all[gain].low, high: all[gain].high },
        });
  }
});
