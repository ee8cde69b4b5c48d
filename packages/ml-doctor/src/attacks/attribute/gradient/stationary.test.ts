import { describe, expect, it } from 'vitest';
import { span } from '../../../audit/selftest/bench/attribute-world.ts';
import { decideCategory, decideNumber } from './stationary.ts';

const none = new Float64Array(0);
const categories = (gaps: readonly number[], losses: readonly number[]) => ({
  gaps: Float64Array.from(gaps),
  losses: Float64Array.from(losses),
  slopes: none,
});

describe('decideCategory', () => {
  it('takes the smallest gap, and of equal ones the smallest loss', () => {
    const tried = categories(
      [0.5, 0.1, 0.3, /**/ 0, 0, 0.2, /**/ 0.3, 0.2, 0.1],
      [0.1, 2.0, 0.2, /**/ 3, 1, 0.1, /**/ 1.0, 1.0, 1.0],
    );
    const { predicted, drawn } = decideCategory(tried, Uint32Array.of(5, 6, 7), 3, 1);
    expect([...predicted]).toEqual([1, 1, 2]);
    expect(drawn).toBe(0);
  });

  it('believes each value as much as the label is likely with it', () => {
    const tried = categories([0, 1, 1], [Math.log(2), Math.log(4), Math.log(8)]);
    const { beliefs } = decideCategory(tried, Uint32Array.of(5), 3, 1);
    for (const [k, expected] of [4 / 7, 2 / 7, 1 / 7].entries())
      expect(beliefs![k]).toBeCloseTo(expected, 12);
    const sure = decideCategory(categories([0, 1], [1e-9, 2000]), Uint32Array.of(5), 2, 1);
    expect([...sure.beliefs!]).toEqual([1, 0]);
  });

  it('draws one of those that are alike, for each record by its own number', () => {
    const count = 1500;
    const ids = Uint32Array.from(span(100, count));
    const alike = categories(
      [...ids].flatMap(() => [0, 0.7, 0, 0]),
      [...ids].flatMap(() => [1, 1, 1 + 1e-8, 1]),
    );
    const { predicted, drawn } = decideCategory(alike, ids, 4, 1);
    expect(drawn).toBe(count);
    for (const value of [0, 2, 3]) {
      const share = predicted.filter((one) => one === value).length / count;
      // Five deviations of a third of 1500.
      expect(Math.abs(share - 1 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / count));
    }
    const turned = decideCategory(alike, Uint32Array.from(ids).reverse(), 4, 1);
    expect([...turned.predicted].reverse()).toEqual([...predicted]);
    expect(decideCategory(alike, ids, 4, 2).predicted).not.toEqual(predicted);
  });
});

describe('decideNumber', () => {
  const values = [10, 20, 30, 40, 50];
  const parabola = (...centres: readonly number[]) => ({
    losses: Float64Array.from(centres.flatMap((centre) => values.map((v) => 0.01 * (v - centre) ** 2))),
    slopes: Float64Array.from(centres.flatMap((centre) => values.map((v) => 0.02 * (v - centre)))),
    gaps: none,
  });
  const ids = (count: number) => Uint32Array.from(span(0, count));

  it('finds where the loss is least between candidates, if its slope is linear there', () => {
    const centres = [10.5, 14.9, 24, 30, 36.2, 49];
    const { predicted, drawn } = decideNumber(parabola(...centres), ids(6), { values }, 1);
    centres.forEach((centre, i) => {
      expect(predicted[i]).toBeCloseTo(centre, 10);
    });
    expect(drawn).toBe(0);
  });

  it('stays within the range, and at the candidate where the slope does not turn', () => {
    expect([...decideNumber(parabola(-3, 70), ids(2), { values }, 1).predicted]).toEqual([10, 50]);
    const odd = {
      losses: Float64Array.of(3, 1, 2, 4, 5),
      slopes: Float64Array.of(-1, 0.2, 0.3, 1, 1),
      gaps: none,
    };
    // Downhill lies 10, where the slope is −1: a sixth of the way.
    expect(decideNumber(odd, ids(1), { values }, 1).predicted[0]).toBeCloseTo(20 - 10 / 6, 10);
    const steady = { ...odd, slopes: Float64Array.of(1, 0.2, 0.3, 1, 1) };
    expect(decideNumber(steady, ids(1), { values }, 1).predicted[0]).toBe(20);
  });

  it('draws a value where all are alike', () => {
    const flat = { losses: new Float64Array(500).fill(1), slopes: new Float64Array(500), gaps: none };
    const { predicted, drawn } = decideNumber(flat, ids(100), { values }, 1);
    expect(drawn).toBe(100);
    expect([...new Set(predicted)].sort()).toEqual(values);
  });
});
