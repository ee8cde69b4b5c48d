import { describe, expect, it } from 'vitest';
import { context, spaceOf } from '../../../audit/selftest/bench/inversion-targets.ts';
import type { Inputs } from '../../../targets/access.ts';
import { climb } from './climb.ts';

const options = {
  queries: 100,
  directions: 2,
  sigma: 0.01,
  learningRate: 0.1,
  momentum: 0.5,
  blocks: 1,
  threshold: 0.999,
};

/** Climbs in one dimension; `logit` is that of the class, against 0. */
const climbing = async (logit: (x: number) => number) => {
  const places: number[] = [];
  const target = {
    answersOf: async ({ values, rows }: Inputs) => {
      if (rows === 1) places.push(values[0]!);
      return {
        logits: Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? 0 : logit(values[i / 2]!))),
        classes: 2,
      };
    },
  };
  const [found] = await climb([{ label: 0, copy: 0, start: Float32Array.of(0.5) }], options, {
    ...{ target, attack: 'inversion/some', space: spaceOf([1]) },
    ...context,
    progress: () => {},
  });
  return { found: found!, places };
};

describe('climb', () => {
  it('takes steps by the momentum of directions of length 1, shorter as the budget is spent', async () => {
    const { places } = await climbing((x) => -x);
    // In one dimension every estimate is −1: 19 steps of 5 queries.
    let [x, momentum] = [0.5, 0];
    const expected = [x];
    for (let step = 0; step < 19; step++) {
      momentum = 0.5 * momentum - 0.5;
      x = Math.max(0, x + 0.1 * (1 - step / 19) * momentum);
      expected.push(x);
    }
    expect(places).toHaveLength(expected.length);
    places.forEach((place, i) => {
      expect(place).toBeCloseTo(expected[i]!, 6);
    });
  });

  it('keeps the best place it has been to, not the last', async () => {
    // Up to a ledge at .6, and from its edge on far below: it goes on uphill there.
    const { found, places } = await climbing((x) => (x < 0.6 ? x : x - 5));
    const best = places.filter((x) => x < 0.6).at(-1)!;
    expect(places.at(-1)).toBeGreaterThan(0.6);
    expect(found.values[0]).toBe(best);
    expect(found.score).toBeCloseTo(-Math.log(1 + Math.exp(-best)), 6);
  });
});
