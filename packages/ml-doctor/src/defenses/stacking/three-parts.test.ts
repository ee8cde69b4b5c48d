import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { expect, test } from 'vitest';
import { requireThreeParts, threeParts } from './three-parts.ts';

test('three parts have no record in common, cover all, and are as large as one another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.nat(1000), (size, seed) => {
      const records = stream(seed, 'records').sample(1000, size);
      const { network, forest, meta } = threeParts(records, seed);
      const all = [...network, ...forest, ...meta];
      expect(all.sort((a, b) => a - b)).toEqual([...records].sort((a, b) => a - b));
      for (const { length } of [network, forest, meta]) expect(Math.abs(length - size / 3)).toBeLessThan(1);
    }),
    { numRuns: 60 },
  );
});

test('another seed parts otherwise, and every record may be in every part', () => {
  const records = Uint32Array.from({ length: 9 }, (_, i) => 10 * i);
  const parts = Array.from({ length: 60 }, (_, seed) => threeParts(records, seed));
  for (const part of ['network', 'forest', 'meta'] as const)
    for (const record of records) {
      const times = parts.filter((each) => each[part].includes(record)).length;
      // Binomial(60, 1/3): 20 ± 4 deviations.
      expect(Math.abs(times - 20)).toBeLessThan(15);
    }
});

test('says how many records are wanted', () => {
  expect(() => requireThreeParts(30, 10)).not.toThrow();
  expect(() => requireThreeParts(29, 10)).toThrow(
    expect.objectContaining({ code: 'MLD_DEFENSE_UNSUITED', message: expect.stringMatching(/30 .*29/) }),
  );
});
