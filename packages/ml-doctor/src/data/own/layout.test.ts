import { describe, expect, it } from 'vitest';
import { channelsFirst, recordLayout } from './layout.ts';

const layout = (shape: readonly number[], chosen?: 'nchw' | 'nhwc') =>
  recordLayout({ shape, layout: 'unknown' }, 'd.npz', chosen);

describe('recordLayout', () => {
  it.each<[readonly number[], readonly number[], boolean]>([
    [[], [1], false],
    [[446], [446], false],
    [[28, 28], [1, 28, 28], false],
    [[3, 32, 24], [3, 32, 24], false],
    [[32, 24, 3], [3, 32, 24], true],
    [[28, 28, 1], [1, 28, 28], true],
    [[64, 48, 4], [4, 64, 48], true],
  ])('makes of (%j) %j', (shape, recordShape, move) => {
    expect(layout(shape)).toEqual({ recordShape, move });
  });

  it.each([[[3, 32, 3]], [[1, 28, 1]], [[1, 5, 3]], [[16, 8, 8]], [[8, 8, 2]]])('asks about %j', (shape) => {
    expect(() => layout(shape)).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_INVALID', hint: expect.stringContaining('layout') }),
    );
    expect(layout(shape, 'nchw')).toEqual({ recordShape: shape, move: false });
    expect(layout(shape, 'nhwc')).toEqual({ recordShape: [shape[2], shape[0], shape[1]], move: true });
  });

  it('refuses films', () => {
    expect(() => layout([3, 8, 8, 5])).toThrow(/\(3, 8, 8, 5\)/);
  });
});

it('channelsFirst puts each channel of each pixel into its plane', () => {
  const [c, h, w] = [3, 4, 5];
  const x = Uint8Array.from({ length: 2 * c * h * w }, (_, i) => i);
  const moved = x.slice();
  channelsFirst(moved, [c, h, w]);
  for (let n = 0; n < 2; n++)
    for (let i = 0; i < c; i++)
      for (let j = 0; j < h; j++)
        for (let k = 0; k < w; k++)
          expect(moved[((n * c + i) * h + j) * w + k]).toBe(x[((n * h + j) * w + k) * c + i]);
});
