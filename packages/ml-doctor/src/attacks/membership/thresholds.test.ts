import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestThreshold, classThresholds } from './thresholds.ts';

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

describe('classThresholds', () => {
  const labelled = (...records: [label: number, score: number][]) => ({
    scores: Float64Array.from(records, ([, score]) => score),
    labels: Int32Array.from(records, ([label]) => label),
  });

  it('chooses in each class by the records of that class alone', () => {
    // Class 0: members 5, 4 against 3. Class 1, on a scale of its own: 0.5 against 0.1 and 0.2.
    const members = labelled([0, 5], [1, 0.5], [0, 4]);
    const nonMembers = labelled([1, 0.1], [0, 3], [1, 0.2]);
    expect(classThresholds(members, nonMembers, 2)).toEqual({
      thresholds: Float64Array.of(4, 0.5),
      borrowed: [],
    });
  });

  it('lends the threshold of all records to a class without members or without non-members', () => {
    // Together: members 5, 4, 9 against 3, 1; 4 tells them apart.
    const members = labelled([0, 5], [0, 4], [1, 9]);
    const nonMembers = labelled([0, 3], [2, 1]);
    expect(classThresholds(members, nonMembers, 4)).toEqual({
      thresholds: Float64Array.of(4, 4, 4, 4),
      borrowed: [1, 2, 3],
    });
  });

  it('stays finite where nothing beats accusing nobody, and accuses nobody that it has seen', () => {
    const score = fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e300, min: -1e300 });
    fc.assert(
      fc.property(score, fc.array(score, { minLength: 1, maxLength: 5 }), (member, others) => {
        const highest = Math.max(member, ...others) + 0;
        const [threshold] = classThresholds(
          labelled([0, Math.min(member, ...others)]),
          labelled(...others.map((s): [number, number] => [0, s]), [0, member]),
          1,
        ).thresholds as unknown as [number];
        expect(threshold).toBeGreaterThan(highest);
        // The very next double: nothing lies between.
        expect([highest, threshold]).toContain((highest + threshold) / 2);
      }),
    );
    const zero = labelled([0, 0]);
    expect([...classThresholds(zero, zero, 1).thresholds]).toEqual([5e-324]);
  });

  it('is the best threshold of every class on random records', () => {
    const record = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom(-3, -2, -1, 0));
    const records = fc.array(record, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(records, records, (members, nonMembers) => {
        const { thresholds, borrowed } = classThresholds(labelled(...members), labelled(...nonMembers), 3);
        const of = (all: readonly [number, number][], label: number) =>
          Float64Array.from(all.filter(([own]) => own === label).map(([, score]) => score));
        for (const label of [0, 1, 2]) {
          const [m, n] = [of(members, label), of(nonMembers, label)];
          expect(borrowed.includes(label)).toBe(m.length === 0 || n.length === 0);
          if (m.length === 0 || n.length === 0) continue;
          const best = bestThreshold(m, n);
          if (Number.isFinite(best)) expect(thresholds[label]).toBe(best);
          else expect(thresholds[label]).toBeGreaterThan(Math.max(...m, ...n));
        }
      }),
    );
  });
});
