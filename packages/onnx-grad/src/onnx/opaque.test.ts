/** Operators this package does not know: they run, they are carried, and no gradient is made up for them. */
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
  subgraph,
  text,
} from '../../test/support/model-proto.ts';
import { expectSame, filled, runOnce } from '../../test/support/same-outputs.ts';
import { gradients } from '../autodiff/gradients.ts';
import { OnnxGradError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import * as ops from '../graph/ops/index.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { Value } from '../graph/value.ts';
import type { NodeProto } from '../proto/onnx_pb.ts';
import { decodeModel } from './decode.ts';
import { encodeModel } from './encode.ts';

const sumOf = (graph: Graph, output = 'y'): Value =>
  ops.ReduceSum(graph.outputs.get(output) as Value, undefined, { keepdims: false });

const refusal = (run: () => unknown): OnnxGradError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(OnnxGradError);
    return error as OnnxGradError;
  }
  return expect.unreachable('it was not refused');
};

const expectCarried = async (
  bytes: Uint8Array,
  feeds: Record<string, Tensor>,
  tolerance = 0,
): Promise<Graph> => {
  const graph = decodeModel(bytes);
  const want = await runOnce(bytes, feeds);
  expectSame(await runOnce(graph, feeds), want, tolerance);
  // Twice: what was carried once is carried again.
  expectSame(await runOnce(decodeModel(encodeModel(graph)), feeds), want, tolerance);
  return graph;
};

describe('standard operators not known here', () => {
  test('Det', async () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [node('Det', ['x'], ['d']), node('Mul', ['d', 'd'], ['y'])],
        inputs: [info('x', ['N', 2, 2])],
        outputs: [info('y', ['N'])],
        valueInfo: [info('d', ['N'])],
      }),
      17,
    );
    const graph = await expectCarried(bytes, { x: filled([3, 2, 2]) });
    expect(graph.outputs.get('y')?.shape).toEqual(['N']);
    const { code, message, hint } = refusal(() => gradients(sumOf(graph), [graph.value('x')]));
    expect(code).toBe('OG_NO_GRADIENT');
    expect(message).toContain("Det 'Det_making_d'");
    expect(message).toContain('not one this tool can differentiate');
    expect(hint).not.toBe('');
  });

  test('TopK: its indices are used further on; the gradient goes through what was gathered', async () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [
          node('TopK', ['x', 'k'], ['v', 'i'], { axis: int(1) }),
          node('GatherElements', ['x', 'i'], ['g'], { axis: int(1) }),
          node('Mul', ['g', 'g'], ['y']),
        ],
        inputs: [info('x', [2, 3])],
        outputs: [info('y', [2, 2]), info('v', [2, 2])],
        valueInfo: [info('i', [2, 2], 'int64')],
        initializers: [intTensor('k', [1], [2])],
      }),
      17,
    );
    const x = float32([2, 3], [1, 3, 2, 9, 7, 8]);
    const graph = await expectCarried(bytes, { x });
    const [dx] = gradients(sumOf(graph), [graph.value('x')]);
    graph.output('dx', dx as Value);
    expect(Array.from((await runOnce(graph, { x }))['dx']?.data as Float32Array)).toEqual([
      0, 6, 4, 18, 0, 16,
    ]);
    expect(refusal(() => gradients(sumOf(graph, 'v'), [graph.value('x')]))).toMatchObject({
      code: 'OG_NO_GRADIENT',
      message: expect.stringContaining('TopK'),
    });
  });

  test('an attribute that our version of the operator lacks makes the node opaque', () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [node('Relu', ['x'], ['y'], { novelty: int(1) })],
        inputs: [info('x', [2])],
        outputs: [info('y', [2])],
      }),
      17,
    );
    const graph = decodeModel(bytes);
    expect(graph.nodes[0]?.opaque?.map(({ name }) => name)).toEqual(['novelty']);
    expect(refusal(() => gradients(sumOf(graph), [graph.value('x')]))).toMatchObject({
      code: 'OG_NO_GRADIENT',
    });
  });

  test('types and shapes behind one are taken from the file, or known by the operator', () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [
          node('Det', ['x'], ['d']),
          node('Cast', ['d'], ['c'], { to: int(7) }),
          node('Shape', ['d'], ['s']),
          node('Dropout', ['d'], ['e', 'mask']),
          node('Less', ['d', 'e'], ['l']),
          node('Where', ['l', 'd', 'e'], ['y']),
        ],
        inputs: [info('x', [3, 2, 2])],
        outputs: [info('y', [3]), info('c', undefined, 'int64')],
      }),
      17,
    );
    const graph = decodeModel(bytes);
    const types = Object.fromEntries(
      ['d', 'c', 's', 'e', 'mask', 'l', 'y'].map((name) => [name, graph.value(name).dtype]),
    );
    expect(types).toEqual({
      d: 'float32',
      c: 'int64',
      s: 'int64',
      e: 'float32',
      mask: 'bool',
      l: 'bool',
      y: 'float32',
    });
    expect(graph.value('d').shape).toBeUndefined();
    expect(graph.value('y').shape).toEqual([3]);
  });
});

describe('operators of other domains', () => {
  test('com.microsoft', async () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [
          node('QuickGelu', ['x'], ['q'], { alpha: float(1.5) }, 'com.microsoft'),
          node('Relu', ['q'], ['y']),
        ],
        inputs: [info('x', [2, 3])],
        outputs: [info('y', [2, 3])],
      }),
      17,
      { domains: { 'com.microsoft': 1 } },
    );
    const graph = await expectCarried(bytes, { x: filled([2, 3]) }, 1e-6);
    expect([...graph.domains]).toEqual([['com.microsoft', 1]]);
    const { message } = refusal(() => gradients(sumOf(graph), [graph.value('x')]));
    expect(message).toContain("QuickGelu 'QuickGelu_making_q'");
    expect(message).toContain("domain 'com.microsoft'");
  });

  test('ai.onnx.ml, without any of ONNX’s own operators', async () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [
          node(
            'LinearRegressor',
            ['x'],
            ['y'],
            {
              coefficients: floats(1, 2, 3),
              intercepts: floats(0.5),
              targets: int(1),
              post_transform: text('NONE'),
            },
            'ai.onnx.ml',
          ),
        ],
        inputs: [info('x', ['N', 3])],
        outputs: [info('y', ['N', 1])],
      }),
      17,
      { domains: { 'ai.onnx.ml': 1 } },
    );
    await expectCarried(bytes, { x: filled([2, 3]) }, 1e-6);
  });

  test('an operator of another domain is not taken for one of ours of the same name', () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [node('Gelu', ['x'], ['y'], {}, 'com.microsoft')],
        inputs: [info('x', [2])],
        outputs: [info('y', [2])],
      }),
      17,
      { domains: { 'com.microsoft': 1 } },
    );
    expect(decodeModel(bytes).nodes[0]).toMatchObject({ domain: 'com.microsoft', opaque: [] });
  });
});

describe('subgraphs', () => {
  const branch = (nodes: readonly NodeProto[], output: string) =>
    subgraph(graphProto({ nodes, outputs: [info(output, undefined)] }));

  /** Split's second part, a stored tensor and the result of a node are read by branches only. */
  const conditional = modelBytes(
    graphProto({
      nodes: [
        node('Split', ['x'], ['first', 'second', 'third'], { axis: int(0) }),
        node('Exp', ['first'], ['e']),
        node('If', ['c'], ['z'], {
          then_branch: branch([node('Mul', ['second', 'w'], ['a'])], 'a'),
          else_branch: branch(
            [
              node('If', ['c'], ['b'], {
                then_branch: branch([node('Neg', ['e'], ['p'])], 'p'),
                else_branch: branch([node('Add', ['e', 'e'], ['q'])], 'q'),
              }),
            ],
            'b',
          ),
        }),
        node('Neg', ['z'], ['y']),
        node('Sqrt', ['third'], ['dead']),
      ],
      inputs: [info('x', [3, 2]), info('c', [], 'bool')],
      outputs: [info('y', [1, 2])],
      initializers: [floatTensor('w', [2], [3, 4]), floatTensor('unused', [2], [3, 4])],
    }),
    13,
  );
  const truth = (value: number): Tensor => ({ dtype: 'bool', dims: [], data: Uint8Array.of(value) });

  test('read outer values, which stay; what nobody reads goes', async () => {
    for (const c of [0, 1]) await expectCarried(conditional, { x: filled([3, 2]), c: truth(c) });
    const back = decodeModel(encodeModel(decodeModel(conditional)));
    expect(back.nodes.map(({ op }) => op)).toEqual(['Split', 'Exp', 'If', 'Neg']);
    expect([...back.initializers.keys()]).toEqual(['w']);
  });

  test('carry no gradient, not even zero, from the outer values they read', () => {
    const graph = decodeModel(conditional);
    for (const name of ['x', 'w', 'e', 'second'])
      expect(
        refusal(() => gradients(sumOf(graph), [graph.value(name)])),
        name,
      ).toMatchObject({ code: 'OG_NO_GRADIENT', message: expect.stringContaining("If 'If_making_z'") });
  });

  test('do not stand in the way of what goes around them', async () => {
    const graph = decodeModel(conditional);
    const loss = ops.ReduceSum(ops.Mul(graph.value('y'), graph.value('first')), undefined, {
      keepdims: false,
    });
    // With respect to y the If is not on the way.
    const [dy] = gradients(loss, [graph.value('y')]);
    graph.output('dy', dy as Value);
    const x = filled([3, 2]);
    const { dy: found } = await runOnce(graph, { x, c: truth(1) });
    expect(Array.from(found?.data as Float32Array)).toEqual(Array.from((x.data as Float32Array).slice(0, 2)));
    expect(refusal(() => gradients(loss, [graph.value('x')])).code).toBe('OG_NO_GRADIENT');
  });

  test('are needed in order: a node that makes an outer value comes first, wherever it stood', () => {
    const graph = decodeModel(
      modelBytes(
        graphProto({
          nodes: [
            node('If', ['c'], ['y'], {
              then_branch: branch([node('Neg', ['late'], ['a'])], 'a'),
              else_branch: branch([node('Abs', ['late'], ['b'])], 'b'),
            }),
            node('Exp', ['x'], ['late']),
          ],
          inputs: [info('x', [2]), info('c', [], 'bool')],
          outputs: [info('y', [2])],
        }),
        17,
      ),
    );
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Exp', 'If']);
  });
});

describe('a gradient around an unknown operator', () => {
  /** y = x · Det(m): smooth in x whatever Det does. */
  const bytes = modelBytes(
    graphProto({
      nodes: [node('Det', ['m'], ['d']), node('Mul', ['x', 'd'], ['y'])],
      inputs: [info('x', [2]), info('m', [2, 2])],
      outputs: [info('y', [2])],
      valueInfo: [info('d', [])],
    }),
    17,
  );

  test('is found, and right', async () => {
    const graph = decodeModel(bytes);
    const [dx] = gradients(sumOf(graph), [graph.value('x')]);
    graph.output('dx', dx as Value);
    const found = await runOnce(graph, { x: filled([2]), m: float32([2, 2], [1, 2, 3, 5]) });
    expectSame({ dx: found['dx'] as Tensor }, { dx: float32([2], [-1, -1]) }, 1e-6);
  });

  test('is refused only for what needs it', () => {
    const graph = decodeModel(bytes);
    expect(refusal(() => gradients(sumOf(graph), [graph.value('x'), graph.value('m')])).message).toContain(
      'Det',
    );
  });
});

describe('16-bit floats', () => {
  test('run, and refuse a gradient rather than stop it silently', async () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [
          node('Cast', ['x'], ['h'], { to: int(10) }),
          node('Relu', ['h'], ['r']),
          node('Cast', ['r'], ['y'], { to: int(1) }),
        ],
        inputs: [info('x', [2, 3])],
        outputs: [info('y', [2, 3])],
      }),
      17,
    );
    const graph = await expectCarried(bytes, { x: filled([2, 3]) });
    const { code, message, hint } = refusal(() => gradients(sumOf(graph), [graph.value('x')]));
    expect(code).toBe('OG_NO_GRADIENT');
    expect(message).toContain('float16');
    expect(hint).toContain('32-bit');
  });
});

test('shapes computed from an input do not count as a dependence on it', async () => {
  // Exporters of upsampling compute the factors from the input's shape, as floats.
  const bytes = modelBytes(
    graphProto({
      nodes: [
        node('Shape', ['x'], ['s']),
        node('Cast', ['s'], ['f'], { to: int(1) }),
        node('Div', ['f', 'f'], ['one']),
        node('Mul', ['one', 'scale'], ['scales']),
        node('Resize', ['x', '', 'scales'], ['y'], {
          mode: text('nearest'),
          nearest_mode: text('floor'),
          coordinate_transformation_mode: text('asymmetric'),
        }),
      ],
      inputs: [info('x', [1, 1, 2, 2])],
      outputs: [info('y', [1, 1, 4, 4])],
      initializers: [floatTensor('scale', [4], [1, 1, 2, 2])],
    }),
    17,
  );
  const graph = await expectCarried(bytes, { x: filled([1, 1, 2, 2]) });
  // The factors are not known before running: refused by that name, not by an internal error.
  expect(refusal(() => gradients(sumOf(graph), [graph.value('x')]))).toMatchObject({
    code: 'OG_NO_GRADIENT',
    message: expect.stringContaining('Resize'),
  });
  const other = decodeModel(bytes);
  const loss = ops.ReduceSum(ops.Mul(other.value('x'), ops.ReduceMean(other.value('one'), [0])), undefined, {
    keepdims: false,
  });
  const [dx] = gradients(loss, [other.value('x')]);
  other.output('dx', dx as Value);
  expect(Array.from((await runOnce(other, { x: filled([1, 1, 2, 2]) }))['dx']?.data as Float32Array)).toEqual(
    [1, 1, 1, 1],
  );
});

test('the lists of attributes an opaque node has are written as they were read', () => {
  const bytes = modelBytes(
    graphProto({
      nodes: [
        node('Strange', ['x'], ['y'], { a: int(1), b: ints(1, 2), c: float(0.5), d: text('e') }, 'my.domain'),
      ],
      inputs: [info('x', [2])],
      outputs: [info('y', [2])],
    }),
    17,
    { domains: { 'my.domain': 3 } },
  );
  const graph = decodeModel(bytes);
  expect(decodeModel(encodeModel(graph)).nodes[0]?.opaque).toEqual(graph.nodes[0]?.opaque);
});
