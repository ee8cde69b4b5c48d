/** Held against a count of all pairs. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mostExposed } from './most-exposed.ts';

// Few values, so that many scores are equal.
const records = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 1)), { maxLength: 40 });

it('names the members with the highest scores, and counts who scores at least as high', () => {
  fc.assert(
    fc.property(records, fc.nat(12), (drawn, most) => {
      const scores = Float64Array.from(drawn, ([score]) => score / 2);
      const truth = drawn.map(([, member]) => member);
      const found = mostExposed({ scores }, truth, most);
      const members = truth.filter((member) => member === 1).length;
      expect(found).toHaveLength(Math.min(most, members));
      expect(new Set(found.map(({ index }) => index)).size).toBe(found.length);
      const named = new Set(found.map(({ index }) => index));
      const least = Math.min(...found.map(({ score }) => score));
      found.forEach(({ index, score, falsePositives }, i) => {
        expect(truth[index]).toBe(1);
        expect(score).toBe(scores[index]);
        expect(falsePositives).toBe(drawn.filter(([s, m]) => m === 0 && s / 2 >= score).length);
        if (i > 0) expect(found[i - 1]!.score).toBeGreaterThanOrEqual(score);
      });
      if (most > 0)
        truth.forEach((member, index) => {
          if (member === 1 && !named.has(index)) expect(scores[index]).toBeLessThanOrEqual(least);
        });
    }),
  );
});
