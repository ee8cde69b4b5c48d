import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeLeft } from './time-left.ts';

const of = (seconds: readonly number[], wall: number) =>
  new TimeLeft(new Map(seconds.map((value, i) => [String(i), value])), wall, 0);

describe('TimeLeft', () => {
  it('is the estimate at first, and less as work gets done', () => {
    const left = of([100, 100], 100);
    expect(left.seconds(0)).toBe(100);
    left.progress('0', 0.1);
    expect(left.seconds(5_000)).toBeCloseTo(95, 9);
  });

  it('follows the pace so far: twice as slow as expected, twice the rest', () => {
    const left = of([100, 100], 200);
    left.end('0');
    expect(left.seconds(200_000)).toBeCloseTo(200, 9);
    left.progress('1', 0.5);
    expect(left.seconds(300_000)).toBeCloseTo(100, 9);
  });

  it('ends at nothing, whatever became of the tasks and in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }), (seconds) => {
        const left = of(seconds, 10);
        for (const i of [...seconds.keys()].reverse()) {
          left.progress(String(i), 0.7);
          left.end(String(i));
        }
        expect(left.seconds(1000)).toBeCloseTo(0, 9);
      }),
    );
  });

  it('leaves out what nothing was expected of', () => {
    const left = of([10], 10);
    left.progress('stranger', 0.5);
    left.end('stranger');
    expect(left.seconds(0)).toBe(10);
    expect(of([], 0).seconds(0)).toBeUndefined();
  });
});
