import { createSession, float32, Graph, type Tensor } from 'onnx-grad';
import { expect, it } from 'vitest';
import { latentRows } from '../latent/rows.ts';
import { randomView, resampling, viewFeeds } from './random-views.ts';

const rows = latentRows(new Int32Array(200), 1, 4, 'views');

/** Where along a line of n pixels each pixel of a view comes from: the view of a line that counts its pixels. */
const placesOf = (matrix: ArrayLike<number>, n: number): number[] =>
  Array.from({ length: n }, (_, o) => {
    let place = 0;
    for (let s = 0; s < n; s++) place += matrix[o * n + s]! * s;
    return place;
  });

it.each([4, 7])('a line of %i pixels is left alone, turned round, and cut at its middle', (n) => {
  const straight = Array.from({ length: n }, (_, i) => i);
  expect(placesOf(resampling(n, 1, 0, false), n)).toEqual(straight);
  expect(placesOf(resampling(n, 1, 0, true), n)).toEqual(straight.toReversed());
  const half = placesOf(resampling(n, 0.5, 0.25, false), n);
  half.forEach((place, o) => {
    expect(place).toBeCloseTo(n / 4 + (o + 0.5) / 2 - 0.5, 12);
  });
  const matrix = resampling(n, 0.9, 0.1, true);
  for (let o = 0; o < n; o++) {
    const row = matrix.subarray(o * n, (o + 1) * n);
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
  }
});

it('views are the picture between its pixels, cropped and mirrored as drawn', async () => {
  const [height, width] = [5, 6];
  const graph = new Graph('views');
  const x = graph.input('x', 'float32', ['N', 2, height, width]);
  graph.output('view', randomView(x, 1, [height, width]));
  const feeds = viewFeeds(rows.slice(0, 3), 9, 2, [height, width]);
  const picture = Float32Array.from({ length: 3 * 2 * height * width }, (_, i) => Math.sin(i * i));
  await using session = await createSession(graph);
  const { view } = await session.run({
    x: float32([3, 2, height, width], picture),
    'view 1 rows': feeds['view 1 rows'] as Tensor,
    'view 1 columns': feeds['view 1 columns'] as Tensor,
  });
  const pixel = (plane: number, y: number, x: number) => picture[(plane * height + y) * width + x]!;
  const between = (low: number, high: number, share: number) => (1 - share) * low + share * high;
  for (let i = 0; i < 3; i++) {
    const data = (name: string, size: number) =>
      (feeds[name]!.data as Float32Array).subarray(i * size * size, (i + 1) * size * size);
    const ys = placesOf(data('view 1 rows', height), height);
    const transposed = data('view 1 columns', width);
    const xs = placesOf(
      Float32Array.from(
        { length: width * width },
        (_, k) => transposed[(k % width) * width + Math.floor(k / width)]!,
      ),
      width,
    );
    for (let c = 0; c < 2; c++)
      ys.forEach((y, oy) => {
        xs.forEach((x, ox) => {
          const [y0, x0] = [Math.min(Math.floor(y), height - 2), Math.min(Math.floor(x), width - 2)];
          const plane = 2 * i + c;
          const expected = between(
            between(pixel(plane, y0, x0), pixel(plane, y0, x0 + 1), x - x0),
            between(pixel(plane, y0 + 1, x0), pixel(plane, y0 + 1, x0 + 1), x - x0),
            y - y0,
          );
          expect((view!.data as Float32Array)[(plane * height + oy) * width + ox]).toBeCloseTo(expected, 4);
        });
      });
  }
});

it('keep 80 % of the area or more, anywhere, mirrored as often as not', () => {
  const n = 16;
  const feeds = viewFeeds(rows, 3, 1, [n, n]);
  const down = (i: number) => placesOf((feeds['view 0 rows']!.data as Float32Array).subarray(i * n * n), n);
  const across = (i: number) => {
    const transposed = (feeds['view 0 columns']!.data as Float32Array).subarray(i * n * n);
    return placesOf(
      Float32Array.from({ length: n * n }, (_, k) => transposed[(k % n) * n + Math.floor(k / n)]!),
      n,
    );
  };
  let [areas, mirrored, fromTop, fromLeft] = [0, 0, 0, 0];
  rows.forEach((_, i) => {
    const [ys, xs] = [down(i), across(i)];
    const side = ys[8]! - ys[7]!;
    expect(side).toBeGreaterThanOrEqual(Math.sqrt(0.8) - 1e-6);
    expect(side).toBeLessThanOrEqual(1);
    const step = xs[8]! - xs[7]!;
    expect(Math.abs(step)).toBeCloseTo(side, 5);
    areas += side * side;
    if (step < 0) mirrored++;
    // The place of the middle, from touching one edge to touching the other.
    const room = n * (1 - side);
    fromTop += (ys[7]! + side / 2 - (n - 1) / 2) / room + 0.5;
    fromLeft += (xs[7]! + step / 2 - (n - 1) / 2) / room + 0.5;
  });
  // Five standard errors of uniform means over 200.
  expect(Math.abs(areas / 200 - 0.9)).toBeLessThan((5 * 0.2) / Math.sqrt(12 * 200));
  expect(Math.abs(fromTop / 200 - 0.5)).toBeLessThan(5 / Math.sqrt(12 * 200));
  expect(Math.abs(fromLeft / 200 - 0.5)).toBeLessThan(5 / Math.sqrt(12 * 200));
  expect(Math.abs(mirrored - 100)).toBeLessThan(36);
});

it('depend on row, step and number alone', () => {
  const [one, again] = [viewFeeds(rows.slice(3, 5), 2, 2, [4, 4]), viewFeeds(rows.slice(4, 5), 2, 2, [4, 4])];
  expect([...(again['view 1 rows']!.data as Float32Array)]).toEqual([
    ...(one['view 1 rows']!.data as Float32Array).subarray(16),
  ]);
  const later = viewFeeds(rows.slice(4, 5), 3, 2, [4, 4]);
  expect(later['view 1 rows']!.data).not.toEqual(again['view 1 rows']!.data);
  expect(again['view 0 rows']!.data).not.toEqual(again['view 1 rows']!.data);
});
