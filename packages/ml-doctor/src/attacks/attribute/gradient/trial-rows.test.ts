import { describe, expect, it } from 'vitest';
import { trialRows } from './trial-rows.ts';

const records = { ids: Uint32Array.of(9, 4), labels: Int32Array.of(2, 0) };
/** The attribute has the second and third of four places. */
const known = { records, rest: () => Float32Array.of(1, 0, 0, 2, /**/ 3, 0, 0, 4) };
const tried = {
  losses: Float64Array.of(0.5, 1.5, /**/ 2.5, 3.5),
  gaps: Float64Array.of(10, 11, /**/ 12, 13),
  slopes: Float64Array.of(-1, -2, /**/ -3, -4),
};
const options = { classes: 3, places: { first: 1, width: 2 } };

describe('trialRows', () => {
  it('shows what was tried, the rest without the places of the attribute, and the label', () => {
    const { values, size, width } = trialRows(tried, known, options);
    expect([size, width]).toEqual([2, 9]);
    expect([...values]).toEqual([...[0.5, 1.5, 10, 11, 1, 2, 0, 0, 1], ...[2.5, 3.5, 12, 13, 3, 4, 1, 0, 0]]);
  });

  it('shows norms where there are some', () => {
    const norms = Float64Array.of(20, 21, /**/ 22, 23);
    const { values, width } = trialRows({ ...tried, norms }, known, options);
    expect(width).toBe(11);
    expect([...values.subarray(0, width)]).toEqual([0.5, 1.5, 10, 11, 20, 21, 1, 2, 0, 0, 1]);
  });

  it('has no rows for no records', () => {
    const nobody = { ids: new Uint32Array(0), labels: new Int32Array(0) };
    const none = { losses: new Float64Array(0), gaps: new Float64Array(0), slopes: new Float64Array(0) };
    const rows = trialRows(none, { records: nobody, rest: () => new Float32Array(0) }, options);
    expect(rows).toMatchObject({ size: 0, values: new Float32Array(0) });
  });
});
