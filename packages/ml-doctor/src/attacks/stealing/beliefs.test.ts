import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Replies, ReplyForm } from '../../targets/oracle.ts';
import { repliesTo } from '../../targets/replies.ts';
import { beliefsFrom } from './beliefs.ts';

const top = (k: number, classes: number[], posteriors: number[]): Replies => ({
  shows: 'top',
  k,
  classes: Int32Array.from(classes),
  posteriors: Float32Array.from(posteriors),
});
const posteriors = (...values: number[]): Replies => ({
  shows: 'posteriors',
  posteriors: Float32Array.from(values),
});
const expectClose = (found: Float32Array, expected: number[]) => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 6);
  });
};

describe('beliefsFrom', () => {
  it('believes a label altogether', () => {
    expect([...beliefsFrom({ shows: 'label', labels: Int32Array.of(2, 0) }, 3)]).toEqual([0, 0, 1, 1, 0, 0]);
  });

  it('spreads what the largest leave', () => {
    // .5 over four; nothing; .1 over three.
    expectClose(beliefsFrom(top(1, [3, 0], [0.5, 1]), 5), [
      ...[0.125, 0.125, 0.125, 0.5, 0.125],
      ...[1, 0, 0, 0, 0],
    ]);
    expectClose(beliefsFrom(top(2, [4, 1], [0.6, 0.3]), 5), [1 / 30, 0.3, 1 / 30, 1 / 30, 0.6]);
  });

  it('leaves the others nothing where rounding made more than 1', () => {
    expectClose(beliefsFrom(top(2, [1, 0], [0.6, 0.5]), 3), [5 / 11, 6 / 11, 0]);
  });

  it('gives no class that is not shown more than the smallest shown', () => {
    // .34, .33, .33 rounded: .7 left for two would be .35 each.
    expectClose(beliefsFrom(top(1, [2], [0.3]), 3), [1 / 3, 1 / 3, 1 / 3]);
    expectClose(beliefsFrom(top(2, [2, 1], [0.4, 0.1]), 4), [1 / 7, 1 / 7, 4 / 7, 1 / 7]);
  });

  it('believes in the class that is named first where all that is shown was rounded to 0', () => {
    expectClose(beliefsFrom(top(2, [2, 1], [0, 0]), 4), [0, 0, 1, 0]);
    expectClose(beliefsFrom(top(1, [3, 0], [0, 0]), 4), [0, 0, 0, 1, 1, 0, 0, 0]);
    expectClose(beliefsFrom(top(2, [2, 1], [0.5, 0]), 4), [0, 0, 1, 0]);
  });

  it('believes what is shown of all classes, normalised', () => {
    // They sum to 1 + 2⁻²⁵ or so: divided by it they would be others.
    const exact = [0.24364042282104492, 0.144936203956604, 0.6049207448959351, 0.0065026599913835526];
    expect([...beliefsFrom(posteriors(...exact), 4)]).toEqual(exact);
    expectClose(beliefsFrom(posteriors(0.3, 0.3, 0.3, 0, 0, 0, 1, 0.1, 0), 3), [
      ...[1 / 3, 1 / 3, 1 / 3],
      ...[1 / 3, 1 / 3, 1 / 3],
      ...[1 / 1.1, 0.1 / 1.1, 0],
    ]);
    expectClose(beliefsFrom(top(3, [2, 0, 1], [0.6, 0.3, 0]), 3), [1 / 3, 0, 2 / 3]);
  });

  it('makes every row a distribution that does not contradict the answer', () => {
    const answers = fc
      .record({ classes: fc.integer({ min: 1, max: 12 }), rows: fc.integer({ min: 0, max: 4 }) })
      .chain(({ classes, rows }) =>
        fc
          .array(fc.float({ min: -20, max: 20, noNaN: true }), {
            minLength: classes * rows,
            maxLength: classes * rows,
          })
          .map((values) => ({ logits: Float32Array.from(values), classes })),
      );
    const form = fc.record(
      {
        output: fc.constantFrom('label', 'top1', 'topK', 'posteriors'),
        k: fc.integer({ min: 1, max: 14 }),
        digits: fc.integer({ min: 0, max: 7 }),
        temperature: fc.constantFrom(0.2, 1, 5, 1e6),
      },
      { requiredKeys: ['output', 'k'] },
    ) as fc.Arbitrary<ReplyForm>;
    fc.assert(
      fc.property(answers, form, (given, shape) => {
        const { classes } = given;
        const replies = repliesTo(given, shape);
        const beliefs = beliefsFrom(replies, classes);
        expect(beliefs).toHaveLength(given.logits.length);
        for (let i = 0; i < beliefs.length / classes; i++) {
          const row = [...beliefs.subarray(i * classes, (i + 1) * classes)];
          expect(Math.abs(row.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(3e-7);
          for (const p of row) expect(p >= 0 && p <= 1).toBe(true);
          if (replies.shows === 'posteriors' && shape.digits === undefined)
            expect(row).toEqual([...replies.posteriors.subarray(i * classes, (i + 1) * classes)]);
          if (replies.shows !== 'top') continue;
          const named = [...replies.classes.subarray(i * replies.k, (i + 1) * replies.k)];
          const least = Math.min(...named.map((place) => row[place]!));
          row.forEach((p, place) => {
            if (!named.includes(place)) expect(p).toBeLessThanOrEqual(least);
          });
          if (shape.digits === undefined)
            named.forEach((place, j) => {
              expect(row[place]).toBeCloseTo(replies.posteriors[i * replies.k + j]!, 6);
            });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes replies that are none for a mistake of ours', () => {
    expect(() => beliefsFrom({ shows: 'label', labels: Int32Array.of(3) }, 3)).toThrow(/internal/);
    expect(() => beliefsFrom(top(1, [-1], [1]), 3)).toThrow(/internal/);
    expect(() => beliefsFrom(posteriors(1, 0), 3)).toThrow(/internal/);
    expect(() => beliefsFrom(posteriors(1, Number.NaN), 2)).toThrow(/internal/);
  });
});
