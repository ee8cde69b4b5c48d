import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordParts } from './record-parts.ts';

describe('recordParts', () => {
  it('gives the same records however the bytes are cut, and counts them', () => {
    const cases = fc.record({
      width: fc.integer({ min: 1, max: 7 }),
      bytes: fc.uint8Array({ maxLength: 40 }),
      cuts: fc.array(fc.nat(40), { maxLength: 8 }),
      count: fc.nat(8),
    });
    fc.assert(
      fc.property(cases, ({ width, bytes, cuts, count }) => {
        const found: number[][] = [];
        const parts = recordParts('f', width, count, (record, index) => {
          expect(index).toBe(found.length);
          found.push([...record]);
        });
        const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        const all = () => {
          let start = 0;
          for (const end of ends) {
            parts.push(bytes.subarray(start, end));
            start = end;
          }
          parts.end();
        };
        const whole = Math.floor(bytes.length / width);
        if (whole > count) expect(all).toThrow(expect.objectContaining({ code: 'MLD_DATA_INVALID' }));
        else if (bytes.length === count * width) all();
        else expect(all).toThrow(expect.objectContaining({ code: 'MLD_DATA_TRUNCATED' }));
        const wanted = Array.from({ length: Math.min(whole, count) }, (_, i) => [
          ...bytes.subarray(i * width, (i + 1) * width),
        ]);
        expect(found).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });
});
