/** Group normalisation in place of batch normalisation, against its definition in double precision. */
import { expect, test } from 'vitest';
import { between, draws } from '../../test/gradients/draws.ts';
import { residualModel } from '../../test/train/private.ts';
import { Graph } from '../graph/graph.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { decodeModel } from '../onnx/decode.ts';
import { encodeModel } from '../onnx/encode.ts';
import { createSession } from '../runtime/session.ts';
import { batchNorm, dense } from './layers.ts';
import { replaceBatchNorm } from './replace-batch-norm.ts';

const values = (length: number, seed: number) => float32([length], between(-2, 2)(length, draws(seed)));

const single = (channels: number, size: readonly number[]): Graph => {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', channels, ...size]);
  graph.output('y', batchNorm(x, { name: 'bn', seed: 1, epsilon: 0.01 }));
  graph.setInitializer('bn.weight', values(channels, 1));
  graph.setInitializer('bn.bias', values(channels, 2));
  return graph;
};

/** Wu & He 2018, equations 1 to 4 and 6. */
const expected = (x: Float32Array, channels: number, positions: number, groups: number): number[] => {
  const [scale, bias] = [values(channels, 1).data, values(channels, 2).data] as [Float32Array, Float32Array];
  const length = (channels / groups) * positions;
  return Array.from(x, (value, i) => {
    const start = Math.floor(i / length) * length;
    const group = Array.from(x.subarray(start, start + length));
    const mean = group.reduce((a, b) => a + b, 0) / length;
    const variance = group.reduce((sum, b) => sum + (b - mean) ** 2, 0) / length;
    const channel = Math.floor(i / positions) % channels;
    return (
      ((value - mean) / Math.sqrt(variance + 0.01)) * (scale[channel] as number) + (bias[channel] as number)
    );
  });
};

test.each([
  // channels, positions, most groups, groups that are due
  [8, [3, 2], undefined, 2],
  [32, [2, 2], undefined, 8],
  [256, [2], undefined, 32],
  [48, [2], 5, 4],
  [6, [4], undefined, 1],
  [7, [3, 3], undefined, 1],
  [12, [], undefined, 1],
  [16, [1, 1], undefined, 1],
] as const)('%i channels of %o, at most %s groups: %i', async (channels, size, most, groups) => {
  const graph = replaceBatchNorm(single(channels, size), { ...(most && { groups: most }) });
  const positions = (size as readonly number[]).reduce((a, b) => a * b, 1);
  const x = float32([3, channels, ...size], between(-3, 3)(3 * channels * positions, draws(5)));
  await using session = await createSession(graph);
  const y = (await session.run({ x }))['y'] as Tensor;
  expect(y.dims).toEqual(x.dims);
  const due = expected(x.data as Float32Array, channels, positions, groups);
  due.forEach((value, i) => {
    expect(Number(y.data[i])).toBeCloseTo(value, 4);
  });
});

test('keeps the names and values of all parameters, drops the running statistics, leaves the model alone', () => {
  const model = residualModel();
  const before = encodeModel(model);
  const replaced = replaceBatchNorm(model);
  expect([...replaced.parameters].sort()).toEqual([...model.parameters].sort());
  for (const name of model.parameters)
    expect(replaced.initializers.get(name)).toEqual(model.initializers.get(name));
  expect([...replaced.initializers.keys()].filter((name) => name.includes('running'))).toEqual([]);
  expect(replaced.nodes.map(({ op }) => op)).not.toContain('BatchNormalization');
  expect(encodeModel(model)).toEqual(before);
  expect(encodeModel(decodeModel(encodeModel(replaced))).length).toBeGreaterThan(0);
});

test('a model without batch normalisation comes back as it is', () => {
  const graph = new Graph('plain');
  graph.output('y', dense(graph.input('x', 'float32', ['N', 3]), { name: 'f', seed: 1, units: 2 }));
  expect(encodeModel(replaceBatchNorm(graph))).toEqual(encodeModel(graph));
});

test('refuses groups that cannot be', () => {
  for (const groups of [0, 1.5, Number.NaN])
    expect(() => replaceBatchNorm(single(8, [2]), { groups })).toThrow(
      expect.objectContaining({ code: 'OG_BAD_ARGUMENT' }),
    );
});
