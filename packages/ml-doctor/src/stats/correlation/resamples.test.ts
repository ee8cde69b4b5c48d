import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { midRanks } from '../mid-ranks.ts';
import { ranksAt, resamples, valuesAt } from './resamples.ts';

describe('resamples', () => {
  it('draw every point as often as any other, and are the same for the same seed', () => {
    const drawn = (seed: number) => {
      const times = new Float64Array(5);
      resamples(5, seed, (places) => {
        for (const place of places) times[place] = times[place]! + 1;
        return 0;
      });
      return [...times];
    };
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(2)).not.toEqual(drawn(1));
    // 2,000 of each, with a deviation of 40.
    for (const times of drawn(1)) expect(Math.abs(times - 2000)).toBeLessThan(200);
  });

  it('that have no figure are left out, and are no sample where half of them have none', () => {
    let count = 0;
    const some = (every: number) => resamples(3, 0, () => (count++ % every === 0 ? 1 : undefined));
    expect(some(2)).toHaveLength(1000);
    expect(some(3)).toBeUndefined();
  });

  it('are ranked as if they were sorted', () => {
    const drawn = fc
      .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 9 })
      .chain((values) =>
        fc.tuple(
          fc.constant(values),
          fc.array(fc.nat(values.length - 1), { minLength: values.length, maxLength: values.length }),
        ),
      );
    fc.assert(
      fc.property(drawn, ([values, list]) => {
        const places = Uint32Array.from(list);
        const ranks = ranksAt(values);
        // Nothing stays of an earlier resample.
        ranks(new Uint32Array(values.length));
        expect([...ranks(places)]).toEqual([...midRanks(valuesAt(values)(places))]);
      }),
    );
  });
});
