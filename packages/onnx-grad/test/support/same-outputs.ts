/** The same numbers from two models: an ONNX file as onnxruntime reads it, and the same file through this package. */
import { expect } from 'vitest';
import type { Graph } from '../../src/graph/graph.ts';
import type { Tensor } from '../../src/graph/tensor.ts';
import { createSession, type Feeds } from '../../src/runtime/session.ts';
import { draws } from '../gradients/draws.ts';

/** Normal-ish numbers from a fixed seed. */
export const numbers = (count: number, seed = 1): Float32Array => {
  const draw = draws(seed);
  return Float32Array.from({ length: count }, () => 4 * draw() - 2);
};

export const filled = (dims: readonly number[], seed = 1): Tensor => ({
  dtype: 'float32',
  dims,
  data: numbers(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ),
});

export const runOnce = async (model: Graph | Uint8Array, feeds: Feeds): Promise<Record<string, Tensor>> => {
  const session = await createSession(model);
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
};

export const expectSame = (
  got: Readonly<Record<string, Tensor>>,
  want: Readonly<Record<string, Tensor>>,
  tolerance = 0,
): void => {
  expect(Object.keys(got)).toEqual(Object.keys(want));
  for (const [name, tensor] of Object.entries(want)) {
    const found = got[name] as Tensor;
    expect({ name, dtype: found.dtype, dims: found.dims }).toEqual({
      name,
      dtype: tensor.dtype,
      dims: tensor.dims,
    });
    const far = Array.from(tensor.data as ArrayLike<number>, Number).filter((value, i) => {
      const other = Number(found.data[i]);
      return !(Object.is(value, other) || Math.abs(value - other) <= tolerance * (1 + Math.abs(value)));
    });
    expect(far, `elements of ${name} that differ`).toEqual([]);
  }
};
