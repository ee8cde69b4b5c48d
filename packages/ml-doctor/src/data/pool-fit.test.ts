import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from './dataset.ts';
import { loadDataset } from './load-dataset.ts';
import { refuseOtherShape, refuseOutside } from './pool-fit.ts';

const dataOf = (
  id: string,
  recordShape: readonly number[],
  x: Dataset['x'],
  oneHot: Dataset['oneHot'] = [],
): Dataset => {
  const channels = recordShape[0]!;
  return createDataset({
    id,
    recordShape,
    x,
    y: new Int32Array(x.length / recordShape.reduce((a, b) => a * b, 1)),
    classes: ['a'],
    normalisation: { scale: 0.1, mean: new Array(channels).fill(9), std: new Array(channels).fill(2) },
    oneHot,
  });
};
const ofShape = (id: string, ...shape: number[]) =>
  dataOf(id, shape, new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(3));

const shapeError = (message: RegExp, hint: RegExp) =>
  expect.objectContaining({
    code: 'MLD_POOL_SHAPE',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
const rangeError = (message: RegExp) =>
  expect.objectContaining({ code: 'MLD_POOL_RANGE', message: expect.stringMatching(message) });

describe('refuseOtherShape', () => {
  const resizing = /`resize: true`/;
  const another = /Take a data set whose/;

  it.each([
    [[1, 4, 4], [1, 4, 4], false],
    [[1, 4, 4], [1, 4, 4], true],
    [[1, 4, 4], [3, 8, 2], true],
    [[3, 4, 4], [1, 4, 4], true],
    [[4, 4, 4], [4, 3, 4], true],
    [[5], [5], false],
    [[5, 2], [5, 2], false],
  ])('lets records for %j have shape %j, resize: %j', (home, other, resize) => {
    expect(() => refuseOtherShape(ofShape('home', ...home), ofShape('pool', ...other), resize)).not.toThrow();
  });

  it.each([
    [
      [1, 4, 4],
      [3, 8, 2],
      false,
      /'pool' have shape \[3,8,2\], the target takes \[1,4,4\] \('home'\)/,
      resizing,
    ],
    [[1, 4, 4], [1, 4, 5], false, /shape/, resizing],
    [[4, 4, 4], [3, 4, 4], false, /shape/, another],
    [[4, 4, 4], [3, 4, 4], true, /3 to 1 and from 1 to 3 only/, another],
    [[2, 4, 4], [1, 4, 4], true, /only/, another],
    [[16], [1, 4, 4], false, /shape/, another],
    [[16], [1, 4, 4], true, /only pictures/, another],
    [[1, 4, 4], [16], true, /only pictures/, another],
    [[5], [6], false, /shape/, another],
    [[5], [6], true, /only pictures/, another],
    [[5], [5], true, /only pictures/, /Leave out `resize`/],
    [[4, 4], [4, 5], true, /only pictures/, another],
  ])('refuses for %j records of %j, resize: %j', (home, other, resize, message, hint) => {
    expect(() => refuseOtherShape(ofShape('home', ...home), ofShape('pool', ...other), resize)).toThrow(
      shapeError(message, hint),
    );
  });
});

describe('refuseOutside, of pictures', () => {
  const bytes = dataOf('home', [1, 1, 2], Uint8Array.of(10, 20, 30, 40));
  const unit = dataOf('home', [1, 1, 2], Float32Array.of(0, 0.25, 1, 0.5));
  const bits = dataOf('home', [1, 1, 2], Uint8Array.of(0, 1, 1, 1));

  it.each([
    ['bytes', bytes, Uint8Array.of(0, 255)],
    ['numbers on the scale of bytes', bytes, Float32Array.of(0.5, 254.5)],
    ['numbers in the range', unit, Float32Array.of(0, 0.99)],
    ['bits', bits, Uint8Array.of(0, 1)],
    ['numbers between bits', bits, Float32Array.of(0, 0.5)],
    ['black as bytes', bytes, Uint8Array.of(0, 0)],
  ] as const)('lets %s pass', (_, home, x) => {
    expect(() => refuseOutside(home, dataOf('pool', [1, 1, 2], x))).not.toThrow();
  });

  it.each([
    [
      unit,
      Uint8Array.of(0, 1, 1, 7),
      /record 1 of 'pool' holds 7 where the values of 'home' reach from 0 to 1/,
    ],
    [unit, Float32Array.of(0, 0.5, 1, 1, -0.5, 0), /record 2 of 'pool' holds -0.5 /],
    [bytes, Float32Array.of(3, 4, 255, 256), /record 1 of 'pool' holds 256 .* from 0 to 255/],
    [bytes, Float32Array.of(3, 4, 2, -1), /record 1 of 'pool' holds -1 /],
    [
      bytes,
      Float32Array.of(0, 0.25, 0.5, 0.75),
      /record 1 of 'pool' holds 0.75, its largest value, .* to 255/,
    ],
    [bits, Uint8Array.of(0, 1, 0, 255), /record 1 of 'pool' holds 255 .* from 0 to 1/],
  ] as const)('refuses another scale %#', (home, x, message) => {
    expect(() => refuseOutside(home, dataOf('pool', [1, 1, 2], x))).toThrow(rangeError(message));
  });

  it('counts records by the shape of the pool', () => {
    const pool = dataOf('pool', [3, 1, 2], Uint8Array.of(...new Array(6).fill(0), ...[1, 1, 1, 1, 1, 2]));
    expect(() => refuseOutside(unit, pool)).toThrow(rangeError(/record 1 .* holds 2 /));
  });
});

describe('refuseOutside, of tables', () => {
  const GROUP = [{ first: 1, width: 3 }];
  /** A number from −1 to 4, a category of three, a whole number from 3 to 9, a bit. */
  const home = dataOf('home', [6], Float32Array.of(-1, 0, 1, 0, 3, 1, 4, 1, 0, 0, 9, 0), GROUP);
  const good = [0.5, 0, 0, 1, 4.5, 1];

  it('lets pass what the places may hold', () => {
    const rows = [...good, -1, 1, 0, 0, 3, 0, 4, 0, 1, 0, 9, 1];
    expect(() => refuseOutside(home, dataOf('pool', [6], Float32Array.from(rows)))).not.toThrow();
    expect(() => refuseOutside(home, home)).not.toThrow();
  });

  it.each([
    [
      [-1.5, 0, 0, 1, 4, 1],
      /record 1 of 'pool' holds -1.5 in column 1 where the values of 'home' reach from -1 to 4/,
    ],
    [[4.25, 0, 0, 1, 4, 1], /holds 4.25 in column 1 /],
    [[1, 0, 0, 1, 10, 1], /holds 10 in column 5 .* from 3 to 9/],
    [[1, 0, 0, 1, 4, 0.5], /holds 0.5 in column 6 where 'home' has nothing but 0 and 1/],
    [[1, 0, 0, 0, 4, 1], /holds 0, 0, 0 in columns 2 to 4 where those of 'home' hold one category/],
    [[1, 1, 0, 1, 4, 1], /holds 1, 0, 1 in columns 2 to 4 /],
    [[1, 0, 0.5, 0.5, 4, 1], /holds 0, 0.5, 0.5 in columns 2 to 4 /],
    [[1, 0, 0.5, 0, 4, 1], /holds 0, 0.5, 0 in columns 2 to 4 /],
    [[1, 2, -1, 0, 4, 1], /holds 2, -1, 0 in columns 2 to 4 /],
    [[1, 1, 0.5, 0, 4, 1], /holds 1, 0.5, 0 in columns 2 to 4 /],
  ] as const)('refuses %j', (row, message) => {
    const pool = dataOf('pool', [6], Float32Array.from([...good, ...row, ...row]));
    expect(() => refuseOutside(home, pool)).toThrow(rangeError(message));
  });

  it('refuses other numbers than bits for a target of bits, and no bits', () => {
    const bits = dataOf('home', [2], Uint8Array.of(0, 1, 0, 0));
    expect(() => refuseOutside(bits, dataOf('pool', [2], Float32Array.of(1, 1)))).not.toThrow();
    expect(() => refuseOutside(bits, dataOf('pool', [2], Float32Array.of(1, 1, 1, 0.5)))).toThrow(
      rangeError(/record 1 .* holds 0.5 in column 2 where 'home' has nothing but 0 and 1/),
    );
  });

  it('knows a real table for its own', async () => {
    const adult = await loadDataset('adult');
    expect(() => refuseOutside(adult, adult)).not.toThrow();
    const x = Float32Array.from(adult.x.subarray(0, 108));
    // Without its one-hot columns it is a table of numbers, that may hold a row without a category.
    const at = adult.oneHot![0]!.first;
    const row = (values: Float32Array) =>
      createDataset({
        id: 'row',
        recordShape: [108],
        x: values,
        y: new Int32Array(1),
        classes: ['a'],
        normalisation: adult.normalisation,
      });
    expect(() => refuseOutside(adult, row(x.map((v, i) => (i >= at && v === 1 ? 0 : v))))).toThrow(
      rangeError(/record 0 of 'row' holds 0, 0/),
    );
  });
});
