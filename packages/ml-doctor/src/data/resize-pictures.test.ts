import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelsFit, type PictureShape, pictureResizer } from './resize-pictures.ts';

const size = (shape: PictureShape) => shape[0] * shape[1] * shape[2];

const resize = (values: ArrayLike<number>, from: PictureShape, to: PictureShape): Float32Array => {
  const out = new Float32Array(size(to));
  pictureResizer(from, to)(Float32Array.from(values), 0, out, 0);
  return out;
};

const expectClose = (found: ArrayLike<number>, expected: ArrayLike<number>, digits = 4) => {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, digits);
};

/** A grey picture of so many rows and columns, values 0 to 255, and another size. */
const side = fc.integer({ min: 1, max: 7 });
const anyPicture = fc.record({ height: side, width: side, newHeight: side, newWidth: side }).chain((shape) =>
  fc.record({
    ...Object.fromEntries(Object.entries(shape).map(([name, value]) => [name, fc.constant(value)])),
    values: fc.array(fc.integer({ min: 0, max: 255 }), {
      minLength: shape.height * shape.width,
      maxLength: shape.height * shape.width,
    }),
  } as { [name in keyof typeof shape]: fc.Arbitrary<number> } & { values: fc.Arbitrary<number[]> }),
);

describe('pictureResizer', () => {
  it('lies between the two nearest centres where a picture grows', () => {
    // Centres of four in two: −¼, ¼, ¾, 1¼; of five in three: −.2, .4, 1, 1.6, 2.2.
    expectClose(resize([0, 4], [1, 1, 2], [1, 1, 4]), [0, 1, 3, 4]);
    expectClose(resize([10, 20, 40], [1, 3, 1], [1, 5, 1]), [10, 14, 20, 32, 40]);
  });

  it('keeps a slope where a picture grows, but for the edges', () => {
    // Value 8 x + 3 y at the centre (x, y).
    const slope = (width: number, height: number, scale: number) =>
      Array.from(
        { length: width * height },
        (_, i) => (8 * ((i % width) + 0.5) + 3 * (Math.floor(i / width) + 0.5)) * scale,
      );
    const grown = resize(slope(4, 4, 1), [1, 4, 4], [1, 12, 12]);
    const expected = slope(12, 12, 1 / 3);
    for (let y = 2; y < 10; y++)
      for (let x = 2; x < 10; x++) expect(grown[12 * y + x]).toBeCloseTo(expected[12 * y + x]!, 4);
  });

  it('is the mean of the area where a picture shrinks', () => {
    expectClose(resize([1, 2, 3, 4, 5, 6], [1, 1, 6], [1, 1, 2]), [2, 5]);
    // Thirds of three in two: 1 and half of 2, half of 2 and 3, by 1½.
    expectClose(resize([1, 2, 3], [1, 1, 3], [1, 1, 2]), [4 / 3, 8 / 3]);
    fc.assert(
      fc.property(anyPicture, ({ height, width, newHeight, newWidth, values }) => {
        const to: PictureShape = [1, Math.min(height, newHeight), Math.min(width, newWidth)];
        // Every pixel cut into as many as the new picture has along the axis; blocks of the old number are then whole.
        const [rows, columns] = [height * to[1], width * to[2]];
        const expected = new Array(size(to)).fill(0);
        for (let y = 0; y < rows; y++)
          for (let x = 0; x < columns; x++)
            expected[Math.floor(y / height) * to[2] + Math.floor(x / width)] +=
              values[Math.floor(y / to[1]) * width + Math.floor(x / to[2])]! / (height * width);
        expectClose(resize(values, [1, height, width], to), expected, 3);
      }),
      { numRuns: 60 },
    );
  });

  it('neither leaves the range, nor prefers a side or an axis, nor changes what has the size', () => {
    fc.assert(
      fc.property(anyPicture, ({ height, width, newHeight, newWidth, values }) => {
        const to: PictureShape = [1, newHeight, newWidth];
        const found = resize(values, [1, height, width], to);
        for (const value of found)
          expect(value >= Math.min(...values) && value <= Math.max(...values)).toBe(true);
        const turned = resize(values.slice().reverse(), [1, height, width], to);
        expectClose(turned, found.slice().reverse(), 3);
        const transposed = values.map((_, i) => values[(i % height) * width + Math.floor(i / height)]!);
        const across = resize(transposed, [1, width, height], [1, newWidth, newHeight]);
        expectClose(
          across,
          found.map((_, i) => found[(i % newHeight) * newWidth + Math.floor(i / newHeight)]!),
          3,
        );
        expect([...resize(values, [1, height, width], [1, height, width])]).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });

  it('makes colour grey by its luma, and grey three equal channels', () => {
    expectClose(resize([100, 10, 1], [3, 1, 1], [1, 1, 1]), [29.9 + 5.87 + 0.114]);
    expectClose(resize([255, 255, 255], [3, 1, 1], [1, 1, 1]), [255]);
    expectClose(resize([0, 4], [1, 1, 2], [3, 1, 4]), [0, 1, 3, 4, 0, 1, 3, 4, 0, 1, 3, 4]);
    // Two columns, left 100 of red only, right 50 of green only, drawn together.
    expectClose(resize([100, 0, 0, 50, 0, 0], [3, 1, 2], [1, 1, 1]), [(29.9 + 29.35) / 2]);
  });

  it('keeps the channels apart', () => {
    expectClose(resize([1, 3, 10, 30, 100, 300], [3, 1, 2], [3, 1, 1]), [2, 20, 200]);
    expectClose(resize([1, 3, 10, 30], [2, 2, 1], [2, 1, 1]), [2, 20]);
  });

  it('reads and writes where it is told, and rounds bytes', () => {
    const out = new Uint8Array(4).fill(9);
    pictureResizer([1, 1, 2], [1, 1, 1])(Uint8Array.of(7, 7, 200, 255, 7), 2, out, 1);
    expect([...out]).toEqual([9, 228, 9, 9]);
    pictureResizer([1, 1, 3], [1, 1, 1])(Uint8Array.of(255, 255, 254), 0, out, 2);
    expect([...out]).toEqual([9, 228, 255, 9]);
    pictureResizer([3, 1, 1], [1, 1, 1])(Uint8Array.of(255, 255, 255), 0, out, 3);
    expect(out[3]).toBe(255);
  });

  it('knows three channels and one, and as many', () => {
    const fits = [1, 2, 3, 4].flatMap((from) =>
      [1, 2, 3, 4].filter((to) => channelsFit(from, to)).map((to) => `${from}${to}`),
    );
    expect(fits).toEqual(['11', '13', '22', '31', '33', '44']);
    expect(() => pictureResizer([2, 1, 1], [1, 1, 1])).toThrow(/internal/);
  });
});
