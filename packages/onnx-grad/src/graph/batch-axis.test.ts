/** Turning the batch last and back, against counting places by hand. */
import { expect, test } from 'vitest';
import { createSession } from '../runtime/session.ts';
import { batchFirst, batchLast } from './batch-axis.ts';
import type { Shape } from './dim.ts';
import { Graph } from './graph.ts';
import { elementCount, float32, type Tensor } from './tensor.ts';

const counted = (dims: readonly number[]): Tensor =>
  float32(
    dims,
    Float32Array.from({ length: elementCount(dims) }, (_, i) => i),
  );

/** Both, of an x declared with that shape. */
const turned = async (declared: Shape, dims: readonly number[]) => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', declared);
  const last = batchLast(x);
  const back = batchFirst(last);
  graph.output('last', last);
  graph.output('back', back);
  await using session = await createSession(graph);
  const results = await session.run({ x: counted(dims) });
  return { shapes: [last.shape, back.shape], last: results['last'], back: results['back'] };
};

test.each<[string, Shape]>([
  ['sizes known', ['N', 3, 4, 2]],
  ['all known', [5, 3, 4, 2]],
  ['a size open', ['N', 3, 'H', 2]],
])('the batch as the last axis, and back: %s', async (_, declared) => {
  const dims = [5, 3, 4, 2];
  const { shapes, last, back } = await turned(declared, dims);
  expect(shapes).toEqual([[...declared.slice(1), declared[0]], declared]);
  expect(last?.dims).toEqual([3, 4, 2, 5]);
  // Record n's number i stands at i · 5 + n.
  expect(Array.from(last?.data as Float32Array)).toEqual(
    Array.from({ length: 120 }, (_, at) => (at % 5) * 24 + Math.floor(at / 5)),
  );
  expect(back).toMatchObject(counted(dims));
});

test('of no records', async () => {
  const { last, back } = await turned(['N', 3, 4, 2], [0, 3, 4, 2]);
  expect([last?.dims, back?.dims]).toEqual([
    [3, 4, 2, 0],
    [0, 3, 4, 2],
  ]);
});
