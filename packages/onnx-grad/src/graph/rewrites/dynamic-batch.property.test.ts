/** Drawn graphs with a baked batch: what is not refused gives every record what the original gave it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OnnxGradError } from '../../errors.ts';
import { stream } from '../../random/stream.ts';
import { createSession } from '../../runtime/session.ts';
import { Graph } from '../graph.ts';
import * as ops from '../ops/index.ts';
import { elementCount, float32, floats, int64, type Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { toDynamicBatch } from './dynamic-batch.ts';

const random = (dims: readonly number[], purpose: string | number): Tensor =>
  float32(dims, stream(3, 'property', purpose).normal(new Float32Array(elementCount(dims))));

/** One drawn step; undefined where it does not fit the shape at hand. */
type Step = (x: Value, pick: (below: number) => number, tag: number) => Value | undefined;
const shapeOf = (x: Value): number[] => [...(x.shape as number[])];

/** All ways to write `size` as a product of one to four factors would be many: draw one. */
const factored = (size: number, pick: (below: number) => number): number[] => {
  const dims: number[] = [];
  let rest = size;
  while (dims.length < 3 && rest > 1 && pick(4) > 0) {
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((d) => rest % d === 0);
    const next = divisors[pick(divisors.length)] as number;
    dims.push(next);
    rest /= next;
  }
  dims.push(rest);
  return dims;
};

const steps: readonly Step[] = [
  (x) => ops.Tanh(x),
  (x, pick) => {
    const dims = shapeOf(x);
    const target = factored(elementCount(dims), pick);
    if (pick(2)) target[pick(target.length)] = -1;
    return ops.Reshape(x, target);
  },
  (x, pick) => {
    // The usual one: everything but the first dimension in one.
    const dims = shapeOf(x);
    return ops.Reshape(x, pick(2) ? [dims[0] as number, -1] : [-1, elementCount(dims.slice(1))]);
  },
  (x, pick) => {
    const axes = shapeOf(x).map((_, i) => i);
    const perm: number[] = [];
    while (axes.length > 0) perm.push(...axes.splice(pick(axes.length), 1));
    return ops.Transpose(x, perm);
  },
  (x, pick) => ops.Softmax(x, { axis: pick(shapeOf(x).length) }),
  (x, pick) =>
    shapeOf(x).length > 1
      ? ops.ReduceMean(x, [pick(shapeOf(x).length)], { keepdims: pick(2) === 1 })
      : undefined,
  (x, pick) => ops.Flatten(x, { axis: pick(shapeOf(x).length + 1) }),
  (x, pick) => ops.Unsqueeze(x, [pick(shapeOf(x).length + 1)]),
  (x) => ops.Squeeze(x),
  (x, pick) => {
    const ones = shapeOf(x).flatMap((dim, i) => (dim === 1 ? [i] : []));
    return ones.length > 0 ? ops.Squeeze(x, [ones[pick(ones.length)] as number]) : undefined;
  },
  (x, pick, tag) => {
    // A constant of the full shape, with some axes one element wide, or the same all along one.
    const dims = shapeOf(x).map((dim) => (pick(2) ? dim : 1));
    return ops.Add(x, x.graph.constant(random(dims, tag)));
  },
  (x, pick, tag) => {
    const dims = shapeOf(x);
    const equal = pick(dims.length);
    const narrow = dims.map((dim, i) => (i === equal ? 1 : dim));
    return ops.Mul(x, ops.Expand(x.graph.constant(random(narrow, tag)), dims));
  },
  (x, _, tag) => ops.MatMul(x, x.graph.constant(random([shapeOf(x).at(-1) as number, 3], tag))),
  (x, _, tag) =>
    shapeOf(x).length > 1
      ? ops.MatMul(x.graph.constant(random([2, shapeOf(x).at(-2) as number], tag)), x)
      : undefined,
  (x, pick) => {
    const rank = shapeOf(x).length;
    if (rank < 2) return undefined;
    const perm = Array.from({ length: rank }, (_, i) =>
      i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i,
    );
    return pick(2) ? ops.MatMul(x, ops.Transpose(x, perm)) : undefined;
  },
  (x, pick, tag) => {
    const axis = pick(shapeOf(x).length);
    const part = x.graph.constant(
      random(
        shapeOf(x).map((dim, i) => (i === axis ? 1 : pick(3) ? dim : dim)),
        tag,
      ),
    );
    return ops.Concat([part, x], axis);
  },
  (x, pick) => {
    const axis = pick(shapeOf(x).length);
    const size = shapeOf(x)[axis] as number;
    return ops.Gather(x, x.graph.constant(int64([], [pick(size)])), { axis });
  },
  (x, pick) => {
    const axis = pick(shapeOf(x).length);
    const end = pick(2) ? (shapeOf(x)[axis] as number) : Math.max(1, (shapeOf(x)[axis] as number) - 1);
    return ops.Slice(x, { starts: [0], ends: [end], axes: [axis] });
  },
  (x) => ops.Add(x, ops.Reshape(ops.Relu(x), ops.Shape(x))),
  (x, pick) => {
    // The chain exporters write: the first dimension from Shape, the rest open.
    const first = ops.Gather(ops.Shape(x), x.graph.constant(int64([], [0])));
    const dims = pick(2)
      ? [ops.Unsqueeze(first, [0]), x.graph.constant(int64([1], [-1]))]
      : [ops.Unsqueeze(first, [0]), x.graph.constant(int64([2], [1, -1]))];
    return ops.Reshape(x, ops.Concat(dims, 0));
  },
  (x, pick) =>
    ops.Tile(
      x,
      shapeOf(x).map(() => (pick(4) ? 1 : 2)),
    ),
  (x, pick) => {
    const pads = shapeOf(x).map(() => (pick(3) ? 0 : 1));
    return ops.Pad(x, [...pads, ...pads.map(() => 0)]);
  },
];

describe('toDynamicBatch on drawn graphs', () => {
  it('is right whenever it does not refuse', async () => {
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1, 2, 3),
        fc.constantFrom([4], [2, 3], [2, 2, 2], [6]),
        fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat(10_000)),
        async (batch, record, chosen, draws) => {
          const pick = (below: number): number => (draws.next().value as number) % below;
          const graph = new Graph();
          let x = graph.input('x', 'float32', [batch, ...record]);
          for (const [tag, index] of chosen.entries()) {
            if (shapeOf(x).length === 0) break;
            let next: Value | undefined;
            try {
              next = (steps[index] as Step)(x, pick, tag);
            } catch (error) {
              expect((error as OnnxGradError).code).toBe('OG_SHAPE_MISMATCH');
            }
            // A graph must stay small and keep its shape known.
            if (next?.shape?.every((dim) => typeof dim === 'number') && elementCount(shapeOf(next)) <= 400)
              x = next;
          }
          if (x.origin === 'input') return;
          graph.output('y', x);
          let rewritten: Graph;
          try {
            rewritten = toDynamicBatch(graph);
          } catch (error) {
            expect(error).toBeInstanceOf(OnnxGradError);
            expect((error as OnnxGradError).code).toBe('OG_BATCH_FIXED');
            refused++;
            return;
          }
          accepted++;
          const all = random([3 * batch, ...record], 'records');
          await using fixed = await createSession(graph);
          await using open = await createSession(rewritten);
          // A number of records that the baked batch does not divide.
          for (const count of batch === 1 ? [3] : [3 * batch, 2 * batch - 1]) {
            const width = elementCount(record);
            const some = float32([count, ...record], floats(all).slice(0, count * width));
            const { y } = await open.run({ x: some });
            const want: number[] = [];
            let dims: readonly number[] = [];
            for (let start = 0; start < 3 * batch; start += batch) {
              const piece = floats(all).slice(start * width, (start + batch) * width);
              const result = (await fixed.run({ x: float32([batch, ...record], piece) }))['y'] as Tensor;
              dims = result.dims.slice(1);
              want.push(...floats(result));
            }
            expect(y?.dims).toEqual([count, ...dims]);
            const got = floats(y as Tensor);
            expect(got.length).toBe(count * elementCount(dims));
            for (let i = 0; i < got.length; i++)
              expect(Math.abs((got[i] as number) - (want[i] as number))).toBeLessThan(
                1e-5 * (1 + Math.abs(want[i] as number)),
              );
          }
        },
      ),
      { numRuns: 400, seed: 12 },
    );
    // Enough of both kinds for the property to mean something.
    expect(accepted).toBeGreaterThan(80);
    expect(refused).toBeGreaterThan(80);
  });
});
