/** Files of older operator sets: what onnxruntime makes of their bytes, it makes of our re-encoding too. */
import { describe, expect, test } from 'vitest';
import {
  float,
  floats,
  floatTensor,
  graphProto,
  info,
  int,
  ints,
  intTensor,
  modelBytes,
  node,
  text,
} from '../../test/support/model-proto.ts';
import { expectSame, filled, runOnce } from '../../test/support/same-outputs.ts';
import type { NodeProto, TensorProto } from '../proto/onnx_pb.ts';
import { decodeModel } from './decode.ts';
import { encodeModel } from './encode.ts';

interface OldModel {
  readonly what: string;
  readonly opsets: readonly number[];
  readonly nodes: readonly NodeProto[];
  /** `[2, 3, 4]` by default. */
  readonly x?: readonly number[];
  readonly outputs?: readonly string[];
  readonly stored?: readonly TensorProto[];
  readonly tolerance?: number;
}

const x = ['x'];
const y = ['y'];
const largest = 2n ** 63n - 1n;

const oldModels: readonly OldModel[] = [
  ...[0, 1, 2].flatMap((axis) => [
    {
      what: `Softmax flattening at axis ${axis}`,
      opsets: [9, 11, 12],
      nodes: [node('Softmax', x, y, { axis: int(axis) })],
      tolerance: 1e-6,
    },
    {
      what: `LogSoftmax flattening at axis ${axis}`,
      opsets: [9, 11],
      nodes: [node('LogSoftmax', x, y, { axis: int(axis) })],
      tolerance: 1e-6,
    },
  ]),
  {
    what: 'Softmax with the old default axis',
    opsets: [9, 11],
    nodes: [node('Softmax', x, y)],
    tolerance: 1e-6,
  },
  {
    what: 'Softmax at axis -2',
    opsets: [11, 12],
    nodes: [node('Softmax', x, y, { axis: int(-2) })],
    tolerance: 1e-6,
  },
  {
    what: 'Softmax with the new default axis',
    opsets: [13, 17],
    nodes: [node('Softmax', x, y)],
    tolerance: 1e-6,
  },
  {
    what: 'Squeeze with axes',
    opsets: [9, 11],
    x: [1, 3, 1],
    nodes: [node('Squeeze', x, y, { axes: ints(0) })],
  },
  { what: 'Squeeze without axes', opsets: [9, 11], x: [1, 3, 1], nodes: [node('Squeeze', x, y)] },
  { what: 'Unsqueeze', opsets: [9, 11], nodes: [node('Unsqueeze', x, y, { axes: ints(0, 4) })] },
  {
    what: 'ReduceSum with axes',
    opsets: [9, 11, 12],
    nodes: [node('ReduceSum', x, y, { axes: ints(1), keepdims: int(0) })],
    tolerance: 1e-6,
  },
  { what: 'ReduceSum without axes', opsets: [9, 11, 12], nodes: [node('ReduceSum', x, y)], tolerance: 1e-6 },
  ...['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceSumSquare', 'ReduceL2', 'ReduceLogSumExp'].map((op) => ({
    what: `${op} with axes`,
    opsets: [9, 11, 13, 17],
    nodes: [node(op, x, y, { axes: ints(0, 2), keepdims: int(0) })],
    tolerance: 1e-6,
  })),
  {
    what: 'Split with sizes',
    opsets: [9, 11],
    nodes: [node('Split', x, ['y', 'z'], { axis: int(2), split: ints(1, 3) })],
    outputs: ['y', 'z'],
  },
  {
    what: 'Split into equal parts',
    opsets: [9, 11, 13, 17],
    nodes: [node('Split', x, ['y', 'z'], { axis: int(2) })],
    outputs: ['y', 'z'],
  },
  {
    what: 'Clip with both bounds',
    opsets: [9, 10],
    nodes: [node('Clip', x, y, { min: float(-0.5), max: float(1) })],
  },
  { what: 'Clip with one bound', opsets: [9], nodes: [node('Clip', x, y, { max: float(0.25) })] },
  { what: 'Clip without bounds', opsets: [9], nodes: [node('Clip', x, y)] },
  {
    what: 'Pad with a value',
    opsets: [9, 10],
    nodes: [node('Pad', x, y, { pads: ints(0, 1, 0, 2, 0, 3), value: float(1.5) })],
  },
  {
    what: 'Pad by reflection',
    opsets: [9, 10],
    nodes: [node('Pad', x, y, { pads: ints(0, 1, 2, 0, 1, 0), mode: text('reflect') })],
  },
  {
    what: 'Pad with edges',
    opsets: [9, 10],
    nodes: [node('Pad', x, y, { pads: ints(1, 0, 2, 0, 1, 0), mode: text('edge') })],
  },
  {
    what: 'Slice with axes',
    opsets: [9],
    nodes: [node('Slice', x, y, { starts: ints(1, 0), ends: ints(3, -1), axes: ints(1, 2) })],
  },
  {
    what: 'Slice without axes',
    opsets: [9],
    nodes: [node('Slice', x, y, { starts: ints(0, 1), ends: ints(1, 2) })],
  },
  {
    what: 'Slice to the largest integer',
    opsets: [9],
    nodes: [node('Slice', x, y, { starts: ints(1), ends: ints(largest), axes: ints(2) })],
  },
  {
    what: 'Slice to the largest integer, as an input',
    opsets: [10, 11, 13],
    nodes: [node('Slice', ['x', 's', 'e', 'a'], y)],
    stored: [intTensor('s', [1], [1]), intTensor('e', [1], [largest]), intTensor('a', [1], [2])],
  },
  {
    what: 'Slice backwards to the largest and smallest integers',
    opsets: [11, 13],
    nodes: [node('Slice', ['x', 's', 'e', 'a', 't'], y)],
    stored: [
      intTensor('s', [1], [-1]),
      intTensor('e', [1], [-largest]),
      intTensor('a', [1], [2]),
      intTensor('t', [1], [-1]),
    ],
  },
  { what: 'Dropout', opsets: [9, 10, 11, 12], nodes: [node('Dropout', x, y, {})] },
  {
    what: 'Dropout with a ratio',
    opsets: [9, 10, 11],
    nodes: [node('Dropout', x, y, { ratio: float(0.25) })],
  },
  {
    what: 'Upsample',
    opsets: [9],
    x: [1, 2, 3, 3],
    nodes: [node('Upsample', ['x', 's'], y, { mode: text('nearest') })],
    stored: [floatTensor('s', [4], [1, 1, 2, 3])],
  },
  {
    what: 'Upsample, linear',
    opsets: [9],
    x: [1, 2, 3, 3],
    nodes: [node('Upsample', ['x', 's'], y, { mode: text('linear') })],
    stored: [floatTensor('s', [4], [1, 1, 2, 2])],
    tolerance: 1e-6,
  },
  {
    what: 'Resize of opset 10, enlarging',
    opsets: [10],
    x: [1, 2, 3, 3],
    nodes: [node('Resize', ['x', 's'], y, { mode: text('nearest') })],
    stored: [floatTensor('s', [4], [1, 1, 2, 3])],
  },
  {
    what: 'Resize of opset 10, shrinking',
    opsets: [10],
    x: [1, 2, 5, 7],
    nodes: [node('Resize', ['x', 's'], y, { mode: text('nearest') })],
    stored: [floatTensor('s', [4], [1, 1, 0.5, 0.4])],
  },
  ...['asymmetric', 'half_pixel', 'align_corners'].map((mode) => ({
    what: `Resize, ${mode}`,
    opsets: [11, 13, 18],
    x: [1, 2, 3, 3],
    nodes: [
      node('Resize', ['x', 'roi', 's'], y, {
        mode: text('nearest'),
        coordinate_transformation_mode: text(mode),
      }),
    ],
    stored: [floatTensor('roi', [0], []), floatTensor('s', [4], [1, 1, 2, 2])],
  })),
  {
    what: 'Scatter',
    opsets: [9, 10],
    x: [3, 3],
    nodes: [node('Scatter', ['x', 'i', 'u'], y, { axis: int(1) })],
    stored: [intTensor('i', [1, 2], [2, 0]), floatTensor('u', [1, 2], [9, 8])],
  },
  {
    what: 'BatchNormalization',
    opsets: [9, 13, 14, 15],
    nodes: [
      node('BatchNormalization', ['x', 'a', 'b', 'm', 'v'], y, {
        epsilon: float(0.01),
        momentum: float(0.5),
      }),
    ],
    stored: [
      floatTensor('a', [3], [1, 2, 3]),
      floatTensor('b', [3], [0, -1, 1]),
      floatTensor('m', [3], [0.5, 0, -0.5]),
      floatTensor('v', [3], [1, 2, 0.5]),
    ],
    tolerance: 1e-6,
  },
  ...['bilinear', 'nearest', 'bicubic'].map((mode) => ({
    what: `GridSample, ${mode}`,
    opsets: [16, 19],
    x: [1, 1, 4, 4],
    nodes: [node('GridSample', ['x', 'g'], y, { mode: text(mode) })],
    stored: [floatTensor('g', [1, 2, 2, 2], [-0.9, -0.3, 0.1, 0.4, 0.8, -0.6, 0, 0.95])],
    tolerance: 1e-5,
  })),
  {
    what: 'RoiAlign',
    opsets: [10, 15, 16],
    x: [1, 1, 6, 6],
    nodes: [
      node('RoiAlign', ['x', 'r', 'b'], y, {
        output_height: int(2),
        output_width: int(2),
        sampling_ratio: int(2),
      }),
    ],
    stored: [floatTensor('r', [1, 4], [1, 1, 4, 5]), intTensor('b', [1], [0])],
    tolerance: 1e-6,
  },
  {
    what: 'ArgMax',
    opsets: [9, 11, 12, 13],
    nodes: [node('ArgMax', x, y, { axis: int(1), keepdims: int(0) })],
  },
  { what: 'Flatten', opsets: [9, 11, 13], nodes: [node('Flatten', x, y, { axis: int(2) })] },
  {
    what: 'MaxPool',
    opsets: [9, 10, 11, 12],
    x: [1, 1, 5, 5],
    nodes: [node('MaxPool', x, y, { kernel_shape: ints(2, 2), strides: ints(2, 2) })],
  },
  {
    what: 'AveragePool with ceil_mode',
    opsets: [10, 11, 19],
    x: [1, 1, 5, 5],
    nodes: [
      node('AveragePool', x, y, {
        kernel_shape: ints(2, 2),
        strides: ints(2, 2),
        ceil_mode: int(1),
        count_include_pad: int(1),
      }),
    ],
    tolerance: 1e-6,
  },
  {
    what: 'TopK with its number as an input',
    opsets: [10, 11],
    nodes: [node('TopK', ['x', 'k'], ['y', 'i'], { axis: int(2) })],
    outputs: ['y', 'i'],
    stored: [intTensor('k', [1], [2])],
  },
];

const bytesOf = (model: OldModel, opset: number): Uint8Array => {
  const dims = model.x ?? [2, 3, 4];
  const types: Record<string, 'int64'> = { i: 'int64', ...(model.what === 'ArgMax' && { y: 'int64' }) };
  return modelBytes(
    graphProto({
      nodes: model.nodes,
      inputs: [info('x', dims)],
      outputs: (model.outputs ?? y).map((name) => info(name, undefined, types[name])),
      initializers: model.stored ?? [],
    }),
    opset,
    { ir: 4 + Math.min(4, Math.max(0, opset - 9)) },
  );
};

describe.each(oldModels)('$what', (model) => {
  test.each(model.opsets.map((opset) => ({ opset })))('opset $opset', async ({ opset }) => {
    const bytes = bytesOf(model, opset);
    const feeds = { x: filled(model.x ?? [2, 3, 4]) };
    const want = await runOnce(bytes, feeds);
    const graph = decodeModel(bytes);
    for (const [name, value] of graph.outputs)
      value.shape?.forEach((dim, i) => {
        if (typeof dim === 'number') expect(want[name]?.dims[i]).toBe(dim);
      });
    expectSame(await runOnce(encodeModel(graph), feeds), want, model.tolerance ?? 0);
  });
});

describe('names', () => {
  test('what an upgrade adds never takes a name of the file', async () => {
    // Every name a fresh value could get first is already in use further down.
    const taken = Array.from({ length: 16 }, (_, i) => [
      `const_${i}`,
      `Flatten_${i}`,
      `Flatten_${i}_${i + 1}`,
    ]).flat();
    const bytes = modelBytes(
      graphProto({
        nodes: [
          node('Softmax', x, ['s'], { axis: int(1) }),
          node('Clip', ['s'], ['c'], { min: float(0.1), max: float(0.2) }),
          ...taken.map((name, i) => node('Identity', [i === 0 ? 'c' : (taken[i - 1] as string)], [name])),
          node('Identity', [taken.at(-1) as string], y),
        ],
        inputs: [info('x', [2, 3, 4])],
        outputs: [info('y', [2, 3, 4])],
      }),
      9,
    );
    const feeds = { x: filled([2, 3, 4]) };
    expectSame(await runOnce(encodeModel(decodeModel(bytes)), feeds), await runOnce(bytes, feeds), 1e-6);
  });
});

test('the scales of Upsample may be an attribute, as in files that call themselves opset 9 but are older', () => {
  const bytes = modelBytes(
    graphProto({
      nodes: [node('Upsample', x, y, { scales: floats(1, 1, 2, 2) })],
      inputs: [info('x', [1, 1, 2, 2])],
      outputs: [info('y', undefined)],
    }),
    9,
  );
  expect(decodeModel(bytes).outputs.get('y')?.shape).toEqual([1, 1, 4, 4]);
});
