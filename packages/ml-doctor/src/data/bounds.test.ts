import { describe, expect, it } from 'vitest';
import { boundsOf } from './bounds.ts';
import { batch, createDataset, type Dataset } from './dataset.ts';

const dataOf = (
  recordShape: readonly number[],
  x: Dataset['x'],
  normalisation: Dataset['normalisation'],
): Dataset => {
  const size = x.length / recordShape.reduce((a, b) => a * b, 1);
  return createDataset({ id: 'd', recordShape, x, y: new Int32Array(size), classes: ['a'], normalisation });
};

const lists = ({ low, high }: ReturnType<typeof boundsOf>) => ({ low: [...low], high: [...high] });

describe('boundsOf', () => {
  it('of pictures are those of the channel, as the model receives it', () => {
    const x = Uint8Array.of(2, 6, 0, 8, 4, 10, 28, 12);
    // 2 to 10 and 0 to 28, halved: less 1 by 2, and less 2 by 4.
    const data = dataOf([2, 1, 2], x, { scale: 0.5, mean: [1, 2], std: [2, 4] });
    expect(lists(boundsOf(data))).toEqual({ low: [0, 0, -0.5, -0.5], high: [2, 2, 3, 3] });
  });

  it('of table rows are those of the column', () => {
    const data = dataOf([3], Float32Array.of(1, -3, 4, 5, 7, 4), {
      scale: 1,
      mean: [1, 2, 0],
      std: [2, 5, 1],
    });
    expect(lists(boundsOf(data))).toEqual({ low: [0, -1, 4], high: [2, 1, 4] });
  });

  it('are reached by some record and passed by none', () => {
    const x = Float32Array.from({ length: 40 * 12 }, (_, i) => 100 * Math.sin(7 * i * i));
    const normalisation = { scale: 0.01, mean: [0.3, -1, 0.2], std: [0.5, 2, 3] };
    for (const [shape, width] of [
      [[3, 4], 1],
      [[3, 2, 2], 4],
    ] as const) {
      const data = dataOf(shape, x, normalisation);
      const { low, high } = boundsOf(data);
      const all = batch(
        data,
        Array.from({ length: 40 }, (_, i) => i),
      ).x;
      for (let j = 0; j < 12; j++) {
        const own = all.filter((_, i) => Math.floor((i % 12) / width) === Math.floor(j / width));
        expect(low[j]).toBe(Math.min(...own));
        expect(high[j]).toBe(Math.max(...own));
      }
    }
  });
});
