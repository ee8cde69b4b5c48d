import { describe, expect, it } from 'vitest';
import { batch, createDataset, type Dataset } from './dataset.ts';
import { loadDataset } from './load-dataset.ts';
import { otherPool, recordPool, refuseSmallPool, uniformPool } from './query-pool.ts';

const NORMAL = { scale: 1 / 255, mean: [0.5], std: [0.25] };

const pictures = (
  id: string,
  recordShape: readonly number[],
  x: Dataset['x'],
  normalisation: Dataset['normalisation'] = NORMAL,
): Dataset => {
  const size = x.length / recordShape.reduce((a, b) => a * b, 1);
  const y = Int32Array.from({ length: size }, (_, i) => i % 3);
  return createDataset({ id, recordShape, x, y, classes: ['a', 'b', 'c'], normalisation });
};

const home = pictures(
  'home',
  [1, 2, 2],
  Uint8Array.from({ length: 5 * 4 }, (_, i) => (i * 37) % 256),
);
const toModel = (raw: number) => (raw / 255 - 0.5) / 0.25;
const expectClose = (found: Float32Array, raw: readonly number[]) => {
  expect(found).toHaveLength(raw.length);
  raw.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(toModel(value), 5);
  });
};
const outOfPool = [[-1], [0.5], [Number.NaN]];

describe('recordPool', () => {
  const pool = recordPool(home, Uint32Array.of(4, 1, 3));

  it('gives the records and their labels by position', () => {
    expect([pool.size, pool.recordShape]).toEqual([3, [1, 2, 2]]);
    expect(pool.inputs([2, 0, 0])).toEqual(batch(home, [3, 4, 4]).x);
    expect([...pool.labels!([2, 0, 1])]).toEqual([0, 1, 1]);
    expect(pool.inputs([])).toHaveLength(0);
  });

  it.each([...outOfPool, [3]])('has no input %d', (position) => {
    expect(() => pool.inputs([0, position])).toThrow(/internal/);
    expect(() => pool.labels!([position])).toThrow(/internal/);
  });
});

describe('otherPool', () => {
  const otherNormal = { scale: 1, mean: [7], std: [3] };

  it("puts raw values under the target's normalisation, and knows no labels", () => {
    const other = pictures('other', [1, 2, 2], Uint8Array.of(0, 255, 51, 102, 1, 2, 3, 4), otherNormal);
    const pool = otherPool(home, other, { resize: false });
    expect([pool.size, pool.recordShape, pool.labels]).toEqual([2, [1, 2, 2], undefined]);
    expectClose(pool.inputs([1, 0]), [1, 2, 3, 4, 0, 255, 51, 102]);
    expect(otherPool(home, other, { resize: true }).inputs([1, 0])).toEqual(pool.inputs([1, 0]));
  });

  it('brings pictures to the size and the channels of the target, those it is asked for', () => {
    const plane = (value: number) => new Array(4).fill(value);
    const colour = [...plane(0), ...plane(0), ...plane(0), ...plane(200), ...plane(100), ...plane(50)];
    const other = pictures('other', [3, 1, 4], Uint8Array.from(colour), {
      scale: 1,
      mean: [1, 2, 3],
      std: [4, 5, 6],
    });
    // 59.8 + 58.7 + 5.7, as a byte.
    const pool = otherPool(home, other, { resize: true });
    expectClose(pool.inputs([1]), plane(124));
    expectClose(pool.inputs([0, 1]), [...plane(0), ...plane(124)]);
    expect([pool.size, pool.recordShape]).toEqual([2, [1, 2, 2]]);
  });

  it('draws large pictures together, and leaves numbers that are no bytes as they are', () => {
    const other = pictures('other', [1, 4, 2], Float32Array.of(0, 1, 2, 4, 10, 20, 30, 41), otherNormal);
    expectClose(otherPool(home, other, { resize: true }).inputs([0]), [1, 2.5, 20, 30.5]);
  });

  it('gives grey pictures to a model of colour in three channels, each normalised as its own', () => {
    const colour = pictures('colour', [3, 1, 1], Uint8Array.of(0, 100, 200), {
      scale: 1,
      mean: [0, 10, 20],
      std: [1, 2, 4],
    });
    const pool = otherPool(colour, pictures('grey', [1, 1, 1], Uint8Array.of(60)), { resize: true });
    expect([...pool.inputs([0])]).toEqual([60, 25, 10]);
  });

  it.each([false, true])('has no input outside, resize: %j', (resize) => {
    const other = pictures('other', resize ? [1, 1, 1] : [1, 2, 2], new Uint8Array(4));
    const pool = otherPool(home, other, { resize });
    for (const position of [...outOfPool, [pool.size]])
      expect(() => pool.inputs(position)).toThrow(/internal/);
  });

  it('refuses another shape, or other values, before anything is asked', () => {
    const small = pictures('small', [1, 1, 1], Uint8Array.of(7));
    expect(() => otherPool(home, small, { resize: false })).toThrow(
      expect.objectContaining({ code: 'MLD_POOL_SHAPE' }),
    );
    const unit = pictures('unit', [1, 2, 2], Float32Array.of(0, 0.2, 0.4, 0.9));
    expect(() => otherPool(home, unit, { resize: false })).toThrow(
      expect.objectContaining({ code: 'MLD_POOL_RANGE' }),
    );
  });
});

describe('uniformPool', () => {
  it('makes up real records of the shape and the range, as the model receives them', async () => {
    const fashion = await loadDataset('fashion-mnist-10k');
    const pool = uniformPool(fashion, 1_000_000_000, 5);
    expect([pool.size, pool.recordShape, pool.labels]).toEqual([1_000_000_000, [1, 28, 28], undefined]);
    const { scale, mean, std } = fashion.normalisation;
    const raw = Array.from(pool.inputs([999_999_999, 3]), (value) => (value * std[0]! + mean[0]!) / scale);
    expect(raw).toHaveLength(2 * 784);
    for (const value of raw) {
      expect(value).toBeCloseTo(Math.round(value), 3);
      expect(value > -0.5 && value < 255.5).toBe(true);
    }
    // Four standard errors of the mean of 1,568: 256 / √12 / √1568.
    expect(Math.abs(raw.reduce((a, b) => a + b, 0) / raw.length - 127.5)).toBeLessThan(7.5);
  });

  it('gives the same input for the same seed and position, and no other', () => {
    const pool = uniformPool(home, 10, 5);
    const all = pool.inputs([0, 1, 2]);
    expect(uniformPool(home, 90, 5).inputs([2, 1])).toEqual(
      Float32Array.of(...all.subarray(8), ...all.subarray(4, 8)),
    );
    expect(uniformPool(home, 10, 6).inputs([0, 1, 2])).not.toEqual(all);
    expect(all.subarray(0, 4)).not.toEqual(all.subarray(4, 8));
    for (const position of [...outOfPool, [10]]) expect(() => pool.inputs(position)).toThrow(/internal/);
  });
});

it('refuses a budget that is larger than the pool, by one already', () => {
  expect(() => refuseSmallPool(100, 100, 'the shadow records')).not.toThrow();
  expect(() => refuseSmallPool(100, 101, 'the shadow records')).toThrow(
    expect.objectContaining({
      code: 'MLD_POOL_SMALL',
      message: expect.stringMatching(/101 queries where the shadow records hold 100 inputs/),
      hint: expect.stringMatching(/budgets to 100 at most, or take a larger pool/),
    }),
  );
});
