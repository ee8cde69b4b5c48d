/** What a defence is worth, by hand. */

import { describe, expect, it } from 'vitest';
import { negative, perPoint } from './defences.ts';

const metric = (value: number, low: number | null, high: number | null) => ({
  value,
  low,
  high,
  method: 'm',
});

describe('what goes per point of accuracy lost', () => {
  it('is the quotient, with the widest limits that both intervals allow', () => {
    const worth = perPoint(metric(0.2, 0.1, 0.3), metric(0.04, 0.02, 0.05))!;
    expect(worth.value).toBeCloseTo(0.05, 12);
    expect(worth.low).toBeCloseTo(0.02, 12);
    expect(worth.high).toBeCloseTo(0.15, 12);
  });
  it('has no upper limit where no loss is shown, and none at all where the attack may gain too', () => {
    expect(perPoint(metric(0.2, 0.1, 0.3), metric(0.04, -0.01, 0.05))).toMatchObject({ high: null });
    expect(perPoint(metric(0.2, -0.1, 0.3), metric(0.04, -0.01, 0.05))).toMatchObject({
      low: null,
      high: null,
    });
  });
  it('of an attack that gains is below 0', () => {
    const worth = perPoint(metric(-0.2, -0.3, -0.1), metric(0.04, 0.02, 0.05))!;
    expect([worth.low, worth.value, worth.high].map((one) => Number(one!.toFixed(6)))).toEqual([
      -0.15, -0.05, -0.02,
    ]);
  });
  it('is nothing where no accuracy is lost', () => {
    expect(perPoint(metric(0.2, 0.1, 0.3), metric(0, -0.1, 0.1))).toBeNull();
  });
});

it('the negative swaps limits, open ones too', () => {
  expect(negative(metric(1, null, 3))).toEqual(metric(-1, -3, null));
});
