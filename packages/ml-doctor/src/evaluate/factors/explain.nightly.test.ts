/** Over many seeds: how often a factor is called an explanation where none is one, and how often intervals hold 0. */

import { stream } from 'onnx-grad';
import { expect, it } from 'vitest';
import { explainExposure } from './explain.ts';

const SIZE = 1000;
const SEEDS = 300;
const truth = Uint8Array.from({ length: SIZE }, (_, i) => i % 2);

it.each([
  ['nothing leaks', 0, 0],
  ['a factor moves the scores of everybody', 0, 2],
  ['membership shows alike whatever the factor', 0.8, 0],
] as const)('where %s', (_, leak, moves) => {
  let [found, covered, intervals] = [0, 0, 0];
  for (let seed = 0; seed < SEEDS; seed++) {
    const normal = (what: string) =>
      Float64Array.from(stream(seed, 'explain null', what).normal(new Float32Array(SIZE)));
    const factor = normal('factor');
    const scores = normal('score').map((z, i) => z + leak * truth[i]! + moves * factor[i]!);
    const few = normal('few').map((z) => (z > 1.6 ? 1 : 0));
    const factors = { factor, few, steps: normal('steps').map(Math.round), other: normal('other') };
    const explained = explainExposure({ scores, truth, factors })!;
    if (explained.factors.some(({ explains }) => explains !== undefined)) found++;
    for (const { exposure } of explained.factors) {
      if (!exposure) continue;
      intervals++;
      if (exposure.low! <= 0 && exposure.high! >= 0) covered++;
    }
  }
  // Of 300 with a chance of 5 %: 15, and 27 with a probability of .002 at most.
  expect(found).toBeLessThanOrEqual(27);
  expect(covered / intervals).toBeGreaterThan(0.93);
  expect(covered / intervals).toBeLessThan(0.975);
});
