/**
 * Pretrained networks from several exporters, as their makers saved them: decoded, run, written again, and
 * differentiated with respect to their inputs. The files are not part of the repository.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gradients } from '../src/autodiff/gradients.ts';
import type { Graph } from '../src/graph/graph.ts';
import { Mul, ReduceSum } from '../src/graph/ops/index.ts';
import { elementCount, float32, type Tensor } from '../src/graph/tensor.ts';
import type { Value } from '../src/graph/value.ts';
import { decodeModel } from '../src/onnx/decode.ts';
import { encodeModel } from '../src/onnx/encode.ts';
import { createSession } from '../src/runtime/session.ts';
import { draws } from './gradients/draws.ts';
import { expectSame, runOnce } from './support/same-outputs.ts';

const folder = new URL('../../../../shared/data/onnx/', import.meta.url);
const files = (() => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.onnx'));
  } catch {
    return [];
  }
})();

const read = (file: string): Uint8Array => readFileSync(new URL(file, folder));

/** An open dimension is a batch: two records. */
const inputOf = (graph: Graph): { name: string; dims: number[] } => {
  expect(graph.inputs).toHaveLength(1);
  const [{ name, shape }] = graph.inputs as [Value];
  return { name, dims: (shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 2)) };
};

/** Grey values, dark but for one in eight, as in a digit: on even noise some of these networks answer with a constant. */
const image = (dims: readonly number[], seed: number): Float32Array => {
  const draw = draws(seed);
  return Float32Array.from({ length: elementCount(dims) }, () => (draw() < 1 / 8 ? draw() : draw() / 64));
};

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
};

/** A model with the gradient of (first output · direction) with respect to its input. */
const differentiated = async (file: string) => {
  const graph = decodeModel(read(file));
  const { name, dims } = inputOf(graph);
  const [label, y] = [...graph.outputs][0] as [string, Value];
  const direction = graph.input('direction', 'float32', y.shape ?? []);
  const [dx] = gradients(ReduceSum(Mul(y, direction), undefined, { keepdims: false }), [graph.value(name)]);
  graph.output('dx', dx as Value);
  const session = await createSession(graph);
  const size = elementCount((y.shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 2)));
  const outputDims = (y.shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 2));
  const draw = draws(17);
  const weights = float32(
    outputDims,
    Array.from({ length: size }, () => 2 * draw() - 1),
  );
  const run = async (data: Float32Array, wanted: string) =>
    (await session.run({ [name]: float32(dims, data), direction: weights }, [wanted]))[wanted] as Tensor;
  return {
    session,
    dims,
    output: async (data: Float32Array) => (await run(data, label)).data as Float32Array,
    /** Σ output · direction. */
    loss: async (data: Float32Array) =>
      dot((await run(data, label)).data as Float32Array, weights.data as Float32Array),
    slope: async (data: Float32Array) => run(data, 'dx'),
    weights: weights.data as Float32Array,
  };
};

describe.skipIf(files.length === 0)('models in shared/data/onnx (skipped: the folder is absent)', () => {
  test.each(files)('%s: the same outputs after decoding and encoding', async (file) => {
    const bytes = read(file);
    const graph = decodeModel(bytes);
    const { name, dims } = inputOf(graph);
    const feeds = { [name]: float32(dims, image(dims, 3)) };
    const want = await runOnce(bytes, feeds);
    for (const [output, value] of graph.outputs) {
      const found = want[output]?.dims as readonly number[];
      expect(value.shape?.length).toBe(found.length);
      value.shape?.forEach((dim, i) => {
        if (typeof dim === 'number') expect(dim).toBe(found[i]);
      });
    }
    const written = encodeModel(graph);
    expectSame(await runOnce(written, feeds), want, 1e-6);
    expectSame(await runOnce(encodeModel(decodeModel(written)), feeds), want, 1e-6);
    // Neither a constant: another image gives another answer.
    const other = await runOnce(written, { [name]: float32(dims, image(dims, 4)) });
    expect(Object.values(other)[0]?.data).not.toEqual(Object.values(want)[0]?.data);
  });

  test.each(files)('%s: the gradient of single pixels is what differences say', async (file) => {
    const { session, dims, output, slope, weights } = await differentiated(file);
    try {
      const at = image(dims, 5);
      const gradient = await slope(at);
      expect(gradient.dims).toEqual(dims);
      const found = gradient.data as Float32Array;
      const here = await output(at);
      const largest = found.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      expect(largest).toBeGreaterThan(0);
      const h = 2 ** -8;
      const draw = draws(23);
      let compared = 0;
      for (let i = 0; i < 60; i++) {
        const pixel = Math.floor(draw() * found.length);
        const moved = async (by: number) => {
          const data = at.slice();
          data[pixel] = (data[pixel] as number) + by;
          return (await output(data)).map((value, j) => (value - (here[j] as number)) / by);
        };
        const [up, down] = [dot(await moved(h), weights), dot(await moved(-h), weights)];
        // The nets are linear in pieces; where the two sides disagree a kink lies between them.
        if (Math.abs(up - down) > 1e-2 * largest) continue;
        compared++;
        expect(Math.abs((up + down) / 2 - (found[pixel] as number)), `pixel ${pixel}`).toBeLessThan(
          1.5e-2 * largest,
        );
      }
      expect(compared).toBeGreaterThan(25);
    } finally {
      await session.dispose();
    }
  });

  test.each(files)('%s: the gradient summed along a path is the difference of its ends', async (file) => {
    const { session, dims, loss, slope } = await differentiated(file);
    try {
      const [from, to] = [image(dims, 7), image(dims, 8)];
      const step = to.map((value, i) => value - (from[i] as number));
      const points = 200;
      let sum = 0;
      let variation = 0;
      for (let k = 0; k < points; k++) {
        const x = from.map((value, i) => value + (step[i] as number) * ((k + 0.5) / points));
        const part = dot((await slope(x)).data as Float32Array, step) / points;
        sum += part;
        variation += Math.abs(part);
      }
      const want = (await loss(to)) - (await loss(from));
      expect(variation).toBeGreaterThan(1e-3);
      expect(Math.abs(sum - want)).toBeLessThan(0.02 * variation);
    } finally {
      await session.dispose();
    }
  });
});
