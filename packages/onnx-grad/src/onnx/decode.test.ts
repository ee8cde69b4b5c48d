/** Reading ONNX files: what is accepted, what is carried along unread, and what is refused with which code. */

import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  float,
  floatTensor,
  graphProto,
  held,
  info,
  int,
  ints,
  intTensor,
  modelBytes,
  node,
  type Size,
  text,
} from '../../test/support/model-proto.ts';
import { expectSame, filled, runOnce } from '../../test/support/same-outputs.ts';
import { OnnxGradError } from '../errors.ts';
import { type DType, dtypeNumber } from '../graph/dtype.ts';
import {
  type NodeProto,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '../proto/onnx_pb.ts';
import { decodeModel } from './decode.ts';
import { encodeModel } from './encode.ts';

/** A file with input x `[2, 3]` and output y around some nodes. */
const around = (nodes: readonly NodeProto[], stored: readonly TensorProto[] = [], opset = 17): Uint8Array =>
  modelBytes(
    graphProto({ nodes, inputs: [info('x', [2, 3])], outputs: [info('y', undefined)], initializers: stored }),
    opset,
  );

const refusal = (bytes: Uint8Array): OnnxGradError => {
  try {
    decodeModel(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(OnnxGradError);
    expect((error as OnnxGradError).hint).not.toBe('');
    return error as OnnxGradError;
  }
  return expect.unreachable('the file was accepted');
};

describe('tensors', () => {
  const dims = [2n, 2n];
  const tensors: [DType, Partial<TensorProto>, unknown[]][] = [
    ['float32', { floatData: [0.5, -1, 2, 3] }, [0.5, -1, 2, 3]],
    ['float64', { doubleData: [0.1, -1, 2, 3] }, [0.1, -1, 2, 3]],
    ['int64', { int64Data: [1n, -(2n ** 62n), 3n, 4n] }, [1n, -(2n ** 62n), 3n, 4n]],
    ['uint64', { uint64Data: [1n, 2n ** 63n, 3n, 4n] }, [1n, 2n ** 63n, 3n, 4n]],
    ['uint32', { uint64Data: [1n, 2n ** 31n, 3n, 4n] }, [1, 2 ** 31, 3, 4]],
    ['int32', { int32Data: [1, -2, 3, 4] }, [1, -2, 3, 4]],
    ['int16', { int32Data: [1, -2, 3, 4] }, [1, -2, 3, 4]],
    ['uint16', { int32Data: [1, 65535, 3, 4] }, [1, 65535, 3, 4]],
    ['int8', { int32Data: [1, -2, 3, 4] }, [1, -2, 3, 4]],
    ['uint8', { int32Data: [1, 255, 3, 4] }, [1, 255, 3, 4]],
    ['bool', { int32Data: [1, 0, 0, 1] }, [1, 0, 0, 1]],
    ['float16', { int32Data: [0x3c00, 0, 0xbc00, 1] }, [0x3c00, 0, 0xbc00, 1]],
    ['bfloat16', { int32Data: [0x3f80, 0, 1, 2] }, [0x3f80, 0, 1, 2]],
    [
      'string',
      { stringData: ['a', 'ß', '', 'd'].map((s) => new TextEncoder().encode(s)) },
      ['a', 'ß', '', 'd'],
    ],
    ['float32', { rawData: new Uint8Array(new Float32Array([0.5, -1, 2, 3]).buffer) }, [0.5, -1, 2, 3]],
    ['int64', { rawData: new Uint8Array(new BigInt64Array([1n, -1n, 2n, 3n]).buffer) }, [1n, -1n, 2n, 3n]],
    ['bool', { rawData: new Uint8Array([1, 0, 1, 1]) }, [1, 0, 1, 1]],
  ];
  test.each(tensors)('%s from %o', (dtype, fields, contents) => {
    const stored = create(TensorProtoSchema, {
      name: 't',
      dims,
      dataType: dtypeNumber(dtype),
      ...fields,
    } as never);
    const bytes = modelBytes(
      graphProto({
        nodes: [node('Identity', ['t'], ['y'])],
        outputs: [info('y', [2, 2], dtype)],
        initializers: [stored],
      }),
      17,
    );
    const again = decodeModel(encodeModel(decodeModel(bytes)));
    for (const graph of [decodeModel(bytes), again]) {
      const tensor = graph.initializers.get('t');
      expect({ dtype: tensor?.dtype, dims: tensor?.dims }).toEqual({ dtype, dims: [2, 2] });
      expect(Array.from(tensor?.data as ArrayLike<unknown>)).toEqual(contents);
    }
  });

  test.each([
    ['too few elements', { floatData: [1, 2, 3] }],
    ['too many bytes', { rawData: new Uint8Array(20) }],
    ['bytes that are no whole elements', { rawData: new Uint8Array(15) }],
    ['no data', {}],
  ])('%s', (_, fields) => {
    const stored = create(TensorProtoSchema, { name: 't', dims, dataType: 1, ...fields } as never);
    const { code, message } = refusal(around([node('Add', ['x', 't'], ['y'])], [stored]));
    expect(code).toBe('OG_MODEL_INVALID');
    expect(message).toContain("initializer 't'");
  });

  test('negative sizes whose product fits', () => {
    const stored = create(TensorProtoSchema, { name: 't', dims: [-1n, -2n], dataType: 1, floatData: [1, 2] });
    expect(refusal(around([node('Add', ['x', 't'], ['y'])], [stored]))).toMatchObject({
      code: 'OG_MODEL_INVALID',
      message: expect.stringContaining('negative'),
    });
  });

  test('data in another file', () => {
    for (const fields of [
      { dataLocation: TensorProto_DataLocation.EXTERNAL },
      { externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: 'weights.bin' })] },
    ]) {
      const stored = create(TensorProtoSchema, { name: 't', dims, dataType: 1, ...fields });
      const { code, message, hint } = refusal(around([node('Add', ['x', 't'], ['y'])], [stored]));
      expect(code).toBe('OG_MODEL_EXTERNAL_DATA');
      expect(message).toContain("'t'");
      expect(hint).toContain('one file');
      expect(
        refusal(
          around([node('Constant', [], ['c'], { value: held(stored) }), node('Add', ['x', 'c'], ['y'])]),
        ),
      ).toMatchObject({ code: 'OG_MODEL_EXTERNAL_DATA' });
    }
  });

  test('an element type that is not known', () => {
    const stored = create(TensorProtoSchema, { name: 't', dims, dataType: 17, rawData: new Uint8Array(4) });
    expect(refusal(around([node('Add', ['x', 't'], ['y'])], [stored]))).toMatchObject({
      code: 'OG_MODEL_INVALID',
      message: expect.stringContaining('17'),
    });
  });
});

describe('constants', () => {
  test.each([
    ['value', held(floatTensor('', [1], [7])), 'float32', [1], [7]],
    ['value_float', float(0.5), 'float32', [], [0.5]],
    ['value_int', int(2n ** 62n + 1n), 'int64', [], [2n ** 62n + 1n]],
    ['value_ints', ints(1, -(2n ** 63n), 2n ** 63n - 1n), 'int64', [3], [1n, -(2n ** 63n), 2n ** 63n - 1n]],
    ['value_string', text('abc'), 'string', [], ['abc']],
  ] as const)('%s', (name, attribute, dtype, dims, data) => {
    const bytes = modelBytes(
      graphProto({
        nodes: [node('Constant', [], ['y'], { [name]: attribute })],
        outputs: [info('y', dims, dtype)],
      }),
      17,
    );
    const read = (of: Uint8Array) =>
      decodeModel(of).nodes[0]?.attributes['value'] as unknown as {
        dtype: string;
        dims: number[];
        data: ArrayLike<unknown>;
      };
    for (const value of [read(bytes), read(encodeModel(decodeModel(bytes)))])
      expect({ dtype: value.dtype, dims: value.dims, data: Array.from(value.data) }).toEqual({
        dtype,
        dims,
        data,
      });
  });

  test('an attribute of another kind than its operator has', () => {
    const wrong = [
      node('Constant', [], ['y'], { value: int(1) }),
      node('Constant', [], ['y'], { value_int: float(1.5) }),
      node('Transpose', ['x'], ['y'], { perm: int(1) }),
      node('Softmax', ['x'], ['y'], { axis: text('1') }),
      node('LeakyRelu', ['x'], ['y'], { alpha: ints(1) }),
    ];
    for (const bad of wrong)
      expect(refusal(around([bad]))).toMatchObject({
        code: 'OG_MODEL_INVALID',
        message: expect.stringContaining(bad.opType),
      });
  });

  test('an attribute without its type, as old files have it', async () => {
    const leaky = node('LeakyRelu', ['x'], ['l'], { alpha: float(0.25) });
    const turned = node('Transpose', ['l'], ['y'], { perm: ints(1, 0) });
    for (const { attribute } of [leaky, turned]) for (const one of attribute) one.type = 0;
    const graph = decodeModel(around([leaky, turned]));
    expect(graph.nodes.map((n) => n.attributes)).toEqual([{ alpha: 0.25 }, { perm: [1, 0] }]);
  });
});

describe('structure', () => {
  test('nodes in any order', async () => {
    const nodes = [node('Neg', ['b'], ['y']), node('Abs', ['a'], ['b']), node('Exp', ['x'], ['a'])];
    const feeds = { x: filled([2, 3]) };
    const graph = decodeModel(around(nodes));
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Exp', 'Abs', 'Neg']);
    expectSame(await runOnce(graph, feeds), await runOnce(around([...nodes].reverse()), feeds));
  });

  test('a cycle names its nodes', () => {
    const bytes = around([
      node('Add', ['x', 'b'], ['a']),
      node('Relu', ['a'], ['b']),
      node('Neg', ['b'], ['y']),
    ]);
    const { code, message } = refusal(bytes);
    expect(code).toBe('OG_MODEL_CYCLIC');
    expect(message).toMatch(/Add 'Add_making_a'/);
    expect(message).toMatch(/Relu 'Relu_making_b'/);
    expect(message).not.toMatch(/Neg/);
    expect(refusal(around([node('Relu', ['y'], ['y'])]))).toMatchObject({ code: 'OG_MODEL_CYCLIC' });
  });

  test.each<[string, NodeProto[], string]>([
    ['a value nothing makes', [node('Add', ['x', 'ghost'], ['y'])], 'ghost'],
    ['an output nothing makes', [node('Relu', ['x'], ['z'])], "'y'"],
    ['a value made twice', [node('Relu', ['x'], ['y']), node('Neg', ['x'], ['y'])], "'y'"],
    ['an input made again', [node('Relu', ['x'], ['x']), node('Neg', ['x'], ['y'])], "'x'"],
  ])('%s', (_, nodes, named) => {
    const { code, message } = refusal(around(nodes));
    expect(code).toBe('OG_MODEL_INVALID');
    expect(message).toContain(named);
  });

  test('a tensor stored twice', () => {
    const bytes = around(
      [node('Add', ['x', 't'], ['y'])],
      [floatTensor('t', [1], [1]), floatTensor('t', [1], [2])],
    );
    expect(refusal(bytes)).toMatchObject({
      code: 'OG_MODEL_INVALID',
      message: expect.stringContaining("'t'"),
    });
  });

  test('an input that is no tensor of known rank', () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [node('Relu', ['x'], ['y'])],
        inputs: [info('x', undefined)],
        outputs: [info('y', undefined)],
      }),
      17,
    );
    expect(refusal(bytes)).toMatchObject({
      code: 'OG_MODEL_INVALID',
      message: expect.stringContaining("'x'"),
    });
  });

  test('an initializer listed as an input too, as format versions before 4 have it', async () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [node('Add', ['x', 't'], ['y'])],
        inputs: [info('x', [2, 3]), info('t', [3])],
        outputs: [info('y', [2, 3])],
        initializers: [floatTensor('t', [3], [1, 2, 3])],
      }),
      9,
      { ir: 3 },
    );
    const graph = decodeModel(bytes);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expectSame(await runOnce(graph, { x: filled([2, 3]) }), await runOnce(bytes, { x: filled([2, 3]) }));
  });

  test('optional inputs and outputs left out keep their place', async () => {
    const bytes = around(
      [
        node('Clip', ['x', '', 'high'], ['c']),
        node('LayerNormalization', ['c', 'scale'], ['n', '', 'inv']),
        node('Mul', ['n', 'inv'], ['y']),
      ],
      [floatTensor('high', [], [0.5]), floatTensor('scale', [3], [1, 2, 3])],
    );
    expectSame(
      await runOnce(decodeModel(bytes), { x: filled([2, 3]) }),
      await runOnce(bytes, { x: filled([2, 3]) }),
      1e-6,
    );
  });

  test('the outputs of batch normalisation in training mode, of old and new operator sets', async () => {
    // All different: onnxruntime itself would write over a tensor that two of them share.
    const stored = ['s', 'b', 'm', 'v'].map((name, i) => floatTensor(name, [3], [1 + i, 2, 0.5 * i]));
    const inputs = ['x', 's', 'b', 'm', 'v'];
    const modern = around(
      [node('BatchNormalization', inputs, ['y', 'rm', 'rv'], { training_mode: int(1) })],
      stored,
      15,
    );
    const old = around([node('BatchNormalization', inputs, ['y', 'rm', 'rv', 'sm', 'sv'])], stored, 9);
    const feeds = { x: filled([2, 3]) };
    expectSame(await runOnce(decodeModel(old), feeds), await runOnce(modern, feeds), 1e-6);
    expectSame(await runOnce(decodeModel(modern), feeds), await runOnce(modern, feeds), 1e-6);
    const saved = around(
      [node('BatchNormalization', inputs, ['z', 'rm', 'rv', 'sm', 'sv']), node('Add', ['z', 'sm'], ['y'])],
      stored,
      9,
    );
    expect(refusal(saved)).toMatchObject({
      code: 'OG_MODEL_INVALID',
      message: expect.stringContaining("'sm'"),
    });
  });

  test('unnamed and oddly named sizes never become equal by accident', () => {
    const shape = (dims: readonly Size[], other: readonly Size[]) => {
      const graph = decodeModel(
        modelBytes(
          graphProto({
            nodes: [node('Add', ['a', 'b'], ['y'])],
            inputs: [info('a', dims), info('b', other)],
            outputs: [info('y', undefined)],
          }),
          17,
        ),
      );
      return graph.inputs.map((input) => input.shape);
    };
    const [a, b] = shape([undefined, 3], [undefined, 3]);
    expect(a?.[0]).not.toBe(b?.[0]);
    const [c, d] = shape(['batch', 3], ['batch', 3]);
    expect([c, d]).toEqual([
      ['batch', 3],
      ['batch', 3],
    ]);
    expect(shape([-1, 3], [2, 3])[0]?.[0]).toBeTypeOf('string');
    expect(shape(['2*N', 3], ['N*H', 3])).toEqual([
      ['2*N', 3],
      ['H*N', 3],
    ]);
    for (const name of ['7', '3x', 'a+b', '*', 'N*', 'N*3', '2*2*N', ' ', 'ü'])
      expect(shape([name, 3], [1, 3])[0]?.[0], name).toMatch(/^[A-Za-z_]\w*$/);
  });
});

describe('what makes no model', () => {
  test('an empty file, garbage, and a model without its parts', () => {
    expect(refusal(new Uint8Array())).toMatchObject({ code: 'OG_MODEL_UNREADABLE' });
    for (const words of ['this is no model', '{"json": true}', '\x89PNG\r\n', '\0'.repeat(64)])
      expect(refusal(new TextEncoder().encode(words)), words).toMatchObject({ code: 'OG_MODEL_UNREADABLE' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(refusal(bytes)).toMatchObject({ code: 'OG_MODEL_UNREADABLE' });
      }),
      { numRuns: 300 },
    );
  });

  test('metadata of ours that is damaged', () => {
    for (const listed of ['{', '3', 'null', '{"a":1}']) {
      const bytes = modelBytes(
        graphProto({
          nodes: [node('Relu', ['x'], ['y'])],
          inputs: [info('x', [2])],
          outputs: [info('y', [2])],
        }),
        17,
        { metadata: { 'onnx-grad.parameters': listed } },
      );
      expect(refusal(bytes)).toMatchObject({ code: 'OG_MODEL_INVALID' });
    }
  });

  test('the intTensor helper of these tests is understood by onnxruntime', async () => {
    const bytes = around([node('Gather', ['x', 'i'], ['y'])], [intTensor('i', [1], [1])]);
    expect((await runOnce(bytes, { x: filled([2, 3]) }))['y']?.dims).toEqual([1, 3]);
  });
});
