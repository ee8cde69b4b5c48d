import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { binomialAtLeast } from './binomial.ts';
import { pairedBootstrap, RESAMPLES, type Statistic, unseenShare, within } from './paired-bootstrap.ts';

type Draw = readonly (readonly number[])[];
const ANY = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const statistic = (of: (draw: Draw) => number, reach = 0): Statistic<Draw> => ({
  of,
  least: within(reach),
  range: ANY,
  method: 'm',
});
const draw = (counts: readonly Uint8Array[]): Draw => counts.map((each) => [...each]);

it('draws each group with replacement, each figure of a resample from the same', () => {
  const drawn: Draw[] = [];
  pairedBootstrap([5, 3], 1, (counts) => drawn.push(draw(counts)), [{}]);
  expect(drawn[0]).toEqual([
    [1, 1, 1, 1, 1],
    [1, 1, 1],
  ]);
  const resamples = drawn.slice(1);
  expect(resamples).toHaveLength(RESAMPLES);
  const times = [0, 0, 0];
  for (const [a, b] of resamples) {
    expect(a!.reduce((x, y) => x + y)).toBe(5);
    expect(b!.reduce((x, y) => x + y)).toBe(3);
    b!.forEach((count, i) => {
      times[i]! += count / RESAMPLES;
    });
  }
  // Mean 1, standard deviation √(2/3 / 1000).
  for (const time of times) expect(Math.abs(time - 1)).toBeLessThan(0.12);
  // Groups have nothing to do with each other.
  const product = resamples.reduce((sum, [a, b]) => sum + (a![0]! - 1) * (b![0]! - 1), 0) / RESAMPLES;
  expect(Math.abs(product)).toBeLessThan(0.1);
  const alike: Draw[] = [];
  pairedBootstrap([4, 4], 1, (counts) => alike.push(draw(counts)), [{}]);
  expect(alike.slice(1).filter(([a, b]) => String(a) === String(b)).length).toBeLessThan(RESAMPLES / 10);
  const again: Draw[] = [];
  pairedBootstrap([5, 3], 1, (counts) => again.push(draw(counts)), [{}]);
  expect(again).toEqual(drawn);
});

it('has the percentiles of what it drew, and of equal figures equal ones', () => {
  const values = stream(2, 'values').normal(new Float32Array(40));
  const mean = ([counts]: Draw) => counts!.reduce((sum, count, i) => sum + count * values[i]!, 0) / 40;
  const all: number[] = [];
  const [one, two] = pairedBootstrap(
    [40],
    3,
    (counts) => {
      const own = draw(counts);
      all.push(mean(own));
      return own;
    },
    [
      { a: statistic(mean), difference: statistic((each) => mean(each) - mean(each)) },
      { a: statistic(mean) },
    ],
  );
  const [value, ...rest] = all;
  rest.sort((a, b) => a - b);
  expect(one!.a).toEqual({ value, low: rest[25], high: rest[974], method: 'm' });
  expect(two!.a).toEqual(one!.a);
  expect(one!.difference).toEqual({ value: 0, low: 0, high: 0, method: 'm' });
});

describe('figures that a draw lacks', () => {
  const lowest = ([counts]: Draw) => (counts![0] === 0 ? Number.NaN : counts![0]!);
  it('do not count', () => {
    const [set] = pairedBootstrap([30], 4, draw, [
      { known: statistic(lowest), never: statistic(() => Number.NaN) },
    ]);
    expect(set!.never).toBeUndefined();
    expect(set!.known!.low).toBe(1);
  });
  it('and infinite limits are none', () => {
    const [set] = pairedBootstrap([30], 4, draw, [
      {
        often: statistic(([counts]) => (counts![0] === 0 ? Number.NEGATIVE_INFINITY : 1)),
        rarely: statistic(([counts]) => (counts![0]! > 4 ? Number.NEGATIVE_INFINITY : 1)),
      },
    ]);
    expect(set!.often).toBeUndefined();
    expect(set!.rarely).toMatchObject({ value: 1, low: 1, high: 1 });
  });
});

it('is never narrower than told, nor wider than its range', () => {
  const [set] = pairedBootstrap([10], 5, draw, [
    { free: statistic(() => 0.9, 0.2), bound: { ...statistic(() => 0.9, 0.2), range: [0, 1] as const } },
  ]);
  expect(set!.free).toMatchObject({ low: 0.7, high: 1.1 });
  expect(set!.bound).toMatchObject({ low: 0.7, high: 1 });
  const told: boolean[] = [];
  const least = (value: number, varies: boolean) => {
    told.push(varies);
    return { low: value, high: value };
  };
  pairedBootstrap([10], 5, draw, [
    { fixed: { ...statistic(() => 0.9), least }, free: { ...statistic(([counts]) => counts![0]!), least } },
  ]);
  expect(told).toEqual([false, true]);
});

it.each([1, 7, 100, 5000])('a share not seen among %i is missed with a chance of 2.5 %%', (n) => {
  expect(1 - binomialAtLeast(1, n, unseenShare(n))).toBeCloseTo(0.025, 10);
  expect(unseenShare(n)).toBeCloseTo(1 - 0.025 ** (1 / n), 12);
});
