import { describe, expect, it } from 'vitest';
import { spaceOf } from '../../audit/selftest/bench/inversion-targets.ts';
import { copiesOf, startAt } from './starts.ts';

const space = spaceOf([400], [-2, 6]);
const options = { attack: 'inversion/some', seed: 3, start: 'zero', clamp: true } as const;

describe('copiesOf', () => {
  it('counts the reconstructions of a class', () => {
    expect([...copiesOf(Int32Array.of(0, 0, 0, 4, 7, 7))]).toEqual([0, 1, 2, 0, 0, 1]);
  });
});

describe('startAt', () => {
  it('is zero for the first search of each class only, and noise for the others, all different', () => {
    const starts = [0, 1].flatMap((label) =>
      [0, 1].flatMap((copy) => [0, 1].map((restart) => startAt({ label, copy, restart }, space, options))),
    );
    const plain = starts.map((start) => start.every((value) => value === 0));
    expect(plain).toEqual([true, false, false, false, true, false, false, false]);
    expect(new Set(starts.map((start) => start.join())).size).toBe(7);
  });

  it('moves a zero into the bounds unless told not to', () => {
    const above = spaceOf([2], [1, 2]);
    const place = { label: 0, copy: 0, restart: 0 };
    expect([...startAt(place, above, options)]).toEqual([1, 1]);
    expect([...startAt(place, spaceOf([2], [-4, -3]), options)]).toEqual([-3, -3]);
    expect([...startAt(place, above, { ...options, clamp: false })]).toEqual([0, 0]);
  });

  it('is noise, even between the bounds, on request', () => {
    const noise = startAt({ label: 0, copy: 0, restart: 0 }, space, { ...options, start: 'noise' });
    expect(Math.min(...noise)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...noise)).toBeLessThanOrEqual(6);
    const mean = noise.reduce((a, b) => a + b, 0) / noise.length;
    // Five standard errors of a uniform of width 8.
    expect(Math.abs(mean - 2)).toBeLessThan(5 * (8 / Math.sqrt(12 * 400)));
    const other = startAt({ label: 0, copy: 0, restart: 0 }, space, { ...options, start: 'noise', seed: 4 });
    expect(other).not.toEqual(noise);
  });
});
