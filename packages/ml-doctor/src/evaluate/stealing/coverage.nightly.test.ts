/** Coverage of the intervals of a copy's figures over many samples. */
import { describe, expect, it } from 'vitest';
import { KINDS, missesOf, mostMisses } from '../../../test/evaluate/stealing-coverage.ts';

const SAMPLES = 300;

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('%s', (kind) => {
  it.each([120, 600])('judged on %i records', (records) => {
    for (const [metric, { above, below }] of Object.entries(missesOf(kind, SAMPLES, records))) {
      // The lower ends of what an attack gains must not flatter it; a percentile's upper end may be a little low.
      expect(above, `${metric} too high`).toBeLessThanOrEqual(mostMisses(SAMPLES, 0.025));
      expect(below, `${metric} too low`).toBeLessThanOrEqual(mostMisses(SAMPLES, 0.06));
    }
  });
});
