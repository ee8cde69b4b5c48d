import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { denoised } from './denoise.ts';

const [height, width] = [5, 7];
const shape = [2, height, width];

describe('denoised', () => {
  it('leaves a plain picture and a wide step as they are, but for the edge of the step', () => {
    const plain = new Float32Array(2 * height * width).fill(0.25);
    expect(denoised(plain, shape)).toEqual(plain);
    const step = Float32Array.from({ length: 2 * height * width }, (_, i) => (i % width < 4 ? 0 : 1));
    const row = [...denoised(step, shape).slice(0, width)];
    // The blur of the edge is ±1/4 of the step; half of that is added once more.
    expect(row).toEqual([0, 0, 0, -0.125, 1.125, 1, 1]);
  });

  it('takes out single dots, at corners too', () => {
    const dots = new Float32Array(2 * height * width).fill(0.5);
    for (const place of [0, 3 * width + 3, height * width - 1]) dots[place] = 1;
    expect([...denoised(dots, shape)]).toEqual(Array(2 * height * width).fill(0.5));
  });

  it('is median and unsharp mask of each channel by itself', () => {
    const picture = stream(1, 'picture').uniform(new Float32Array(2 * height * width));
    const at = (values: ArrayLike<number>, c: number, i: number, j: number) => {
      const [row, column] = [Math.max(0, Math.min(height - 1, i)), Math.max(0, Math.min(width - 1, j))];
      return values[(c * height + row) * width + column]!;
    };
    const around = (values: ArrayLike<number>, place: number) => {
      const c = Math.floor(place / (height * width));
      const [i, j] = [Math.floor(place / width) % height, place % width];
      return [-1, 0, 1].flatMap((di) => [-1, 0, 1].map((dj) => at(values, c, i + di, j + dj)));
    };
    const calm = Array.from(picture, (_, place) => around(picture, place).sort((a, b) => a - b)[4]!);
    const found = denoised(picture, shape);
    calm.forEach((value, place) => {
      const [a, b, c, d, e, f, g, h, i] = around(calm, place) as [number, ...number[]] & number[];
      const blur = (a + c! + g! + i! + 2 * (b! + d! + f! + h!) + 4 * e!) / 16;
      expect(found[place]).toBeCloseTo(1.5 * value - 0.5 * blur, 6);
    });
  });
});
