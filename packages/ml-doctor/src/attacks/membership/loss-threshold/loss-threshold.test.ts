import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { savedOutputs } from '../../../targets/saved-outputs.ts';
import { bestThreshold, lossThreshold } from './loss-threshold.ts';

const context = {
  seed: 0,
  threads: 1,
  device: 'cpu',
  signal: new AbortController().signal,
  progress: () => {},
} as const;

describe('lossThreshold', () => {
  // Rows whose softmax is known: (1/4, 3/4), (1/2, 1/2), (1/10, 9/10), logits rounded to float32.
  const table = {
    ids: Uint32Array.of(4, 7, 9),
    logits: Float32Array.of(0, Math.log(3), 5, 5, -1, -1 + Math.log(9)),
    classes: 2,
  };
  const records = { ids: Uint32Array.of(9, 4, 7), labels: Int32Array.of(1, 0, 0) };

  it('scores a record by the logarithm of the posterior of its label', async () => {
    const { scores, threshold } = await lossThreshold
      .configure({ auxiliary: 'none' })
      .run({ target: savedOutputs(table), records, references: [] }, context);
    const expected = [Math.log(0.9), Math.log(0.25), Math.log(0.5)];
    expect(scores).toHaveLength(3);
    for (const [i, score] of expected.entries()) expect(scores[i]).toBeCloseTo(score, 6);
    expect(threshold).toBeUndefined();
  });

  it('takes its threshold from the shadow model: the loss that best tells its members from the others', async () => {
    const reference = {
      model: savedOutputs(table),
      members: { ids: Uint32Array.of(9, 7), labels: Int32Array.of(1, 0) },
      nonMembers: { ids: Uint32Array.of(4), labels: Int32Array.of(0) },
    };
    const { threshold } = await lossThreshold
      .configure()
      .run({ target: savedOutputs(table), records, references: [reference] }, context);
    // Members score ln .9 and ln .5, the non-member ln .25.
    expect(threshold).toBeCloseTo(Math.log(0.5), 6);
  });

  it('says in its threat model whether it trains a shadow model', () => {
    expect(lossThreshold.configure().needs.auxiliary).toBe('shadow');
    expect(lossThreshold.configure({ auxiliary: 'none' })).toMatchObject({
      needs: { access: 'black-box', auxiliary: 'none', output: 'posteriors', record: 'xy' },
      references: { count: 0 },
    });
  });
});

describe('bestThreshold', () => {
  const share = (scores: readonly number[], t: number) => scores.filter((score) => score >= t).length;
  /** Twice the balanced accuracy minus 1, times both counts: a whole number. */
  const gain = (members: readonly number[], nonMembers: readonly number[], t: number) =>
    share(members, t) * nonMembers.length - share(nonMembers, t) * members.length;
  const bruteForce = (members: readonly number[], nonMembers: readonly number[]) => {
    const candidates = [Number.POSITIVE_INFINITY, ...members, ...nonMembers];
    const most = Math.max(...candidates.map((t) => gain(members, nonMembers, t)));
    return Math.max(...candidates.filter((t) => gain(members, nonMembers, t) === most));
  };
  // Few values, so that ties are common, within one group and between both.
  const few = fc.constantFrom(-Number.MAX_VALUE, -3, -1, -0.5, -0, 0, Number.NEGATIVE_INFINITY);
  const any = fc.double({ max: 0, noNaN: true });

  it.each([
    ['values that tie', few],
    ['any values', any],
  ])('is the brute-force optimum on %s, the highest of equals', (_, score) => {
    const scores = fc.array(score, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(scores, scores, (members, nonMembers) => {
        const found = bestThreshold(Float64Array.from(members), Float64Array.from(nonMembers));
        // −0 and 0 accept the same records.
        expect(found + 0).toBe(bruteForce(members, nonMembers) + 0);
      }),
      { numRuns: 300 },
    );
  });

  it('takes 1 in 10 without a false alarm rather than 4 in 10 with three', () => {
    // As doubles, 4/10 − 3/10 is more than 1/10 − 0.
    const members = Float64Array.of(9, 6, 6, 6, 1, 1, 1, 1, 1, 1);
    const nonMembers = Float64Array.of(7, 7, 6, 2, 2, 2, 2, 2, 2, 2);
    expect(bestThreshold(members, nonMembers)).toBe(9);
  });

  it('accuses nobody where no threshold is better than that', () => {
    const same = Float64Array.of(-1, -2, -3);
    expect(bestThreshold(same, same)).toBe(Number.POSITIVE_INFINITY);
    expect(bestThreshold(Float64Array.of(-5), Float64Array.of(-1, -2))).toBe(Number.POSITIVE_INFINITY);
  });

  it('leaves the order of its arguments alone', () => {
    const members = Float64Array.of(-1, -3, -2);
    bestThreshold(members, members);
    expect([...members]).toEqual([-1, -3, -2]);
  });
});
