import {
  createSession,
  encodeModel,
  float32,
  floats,
  Graph,
  int64,
  ops,
  type Shape,
  type Tensor,
  type Value,
} from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { posterior } from '../../stats/log-posterior.ts';
import { type Classifier, type ClassifierForm, openClassifier } from './classifier.ts';

/** A file whose only input has this shape, and whose outputs are what `make` says. */
const file = (
  shape: Shape,
  make: (x: Value, graph: Graph) => Value | Readonly<Record<string, Value>>,
  dtype: Value['dtype'] = 'float32',
): Uint8Array => {
  const graph = new Graph('theirs');
  const x = graph.input('input', dtype, shape);
  const made = make(x, graph);
  for (const [name, value] of Object.entries('origin' in made ? { out: made as Value } : made))
    graph.output(name, value as Value);
  return encodeModel(graph);
};

/** Rows of 0, 1, 2, …, each a little further on: no two numbers of a record are the same. */
const counted = (rows: number, length: number) =>
  Float32Array.from({ length: rows * length }, (_, i) => (i % length) + Math.floor(i / length) / 8);

const open = (
  bytes: Uint8Array,
  recordShape: readonly number[],
  form?: Partial<ClassifierForm>,
  rows = 4,
) => {
  const length = recordShape.reduce((a, b) => a * b, 1);
  const probe = { values: counted(rows, length), rows };
  return openClassifier(bytes, 'theirs.onnx', { recordShape, probe, ...(form && { form }) });
};

const answers = async ({ graph }: Classifier, dims: readonly number[], values: readonly number[]) => {
  await using session = await createSession(graph);
  const { logits } = await session.run({ x: float32(dims, values) });
  return { dims: (logits as Tensor).dims, values: [...floats(logits as Tensor)] };
};

const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message), hint: expect.any(String) });

/** The first two numbers of a record as the file has them in rows. */
const firstTwo = (x: Value): Value => ops.Slice(ops.Flatten(x), { starts: [0], ends: [2], axes: [1] });

const picture = [2, 1, 3] as const;
/** Of [2, 1, 3], channels first. */
const pixels = [10, 11, 12, 20, 21, 22];

describe('input layouts', () => {
  it.each([
    ['nchw', ['N', 2, 1, 3], [10, 11]],
    ['nhwc', ['N', 1, 3, 2], [10, 20]],
    ['nhwc', ['N', 'h', 'w', 2], [10, 20]],
    ['nchw', [1, 'c', 1, 3], [10, 11]],
    ['flat', ['N', 2, 3], [10, 11]],
    ['nhwc', ['N', 3, 2], [10, 20]],
  ] as const)('%s in %j', async (layout, shape, first) => {
    const found = await open(file(shape, firstTwo), picture);
    expect(found.form.layout).toBe(layout);
    expect((await answers(found, [1, ...picture], pixels)).values).toEqual([...first]);
  });

  it('asks which order flattened pictures of several channels have, and takes either', async () => {
    const bytes = file(['N', 6], firstTwo);
    await expect(open(bytes, picture)).rejects.toThrow(failure('MLD_MODEL_INPUT', /more than one order/));
    for (const [layout, first] of [
      ['nhwc', [10, 20]],
      ['flat', [10, 11]],
      ['nchw', [10, 11]],
    ] as const) {
      const found = await open(bytes, picture, { layout });
      expect((await answers(found, [1, ...picture], pixels)).values).toEqual([...first]);
    }
  });

  it.each([
    ['N', 6, 1],
    ['N', 'width'],
    [1, 6],
    ['N', 2, 3],
    ['N', 1, 2, 3],
  ])('takes grey pictures and rows of numbers into [%s, %s, %s]', async (...shape) => {
    const bytes = file(
      shape.filter((dim) => dim !== undefined),
      firstTwo,
    );
    for (const recordShape of [[1, 2, 3], [6]]) {
      const found = await open(bytes, recordShape);
      expect((await answers(found, [1, ...recordShape], pixels)).values).toEqual([10, 11]);
    }
  });

  it('is told by the first operators where the sizes fit both ways', async () => {
    const cube = [2, 2, 2];
    const plain = file(['N', 'a', 'b', 'c'], firstTwo);
    await expect(open(plain, cube)).rejects.toThrow(failure('MLD_MODEL_INPUT', /more than one order/));
    expect((await open(plain, cube, { layout: 'nhwc' })).form.layout).toBe('nhwc');
    const moved = file(['N', 2, 2, 2], (x) =>
      firstTwo(ops.Transpose(ops.Mul(x, x.graph.scalar(1)), [0, 3, 1, 2])),
    );
    const last = await open(moved, cube);
    expect(last.form.layout).toBe('nhwc');
    expect((await answers(last, [1, ...cube], [1, 2, 3, 4, 5, 6, 7, 8])).values).toEqual([1, 2]);
    const convolved = file(['N', 2, 2, 2], (x, graph) =>
      firstTwo(ops.Conv(x, graph.initializer('w', float32([2, 2, 1, 1], [1, 0, 0, 1])))),
    );
    expect((await open(convolved, cube)).form.layout).toBe('nchw');
  });

  it.each([
    [['N', 3, 4, 4], [1, 4, 4], undefined],
    [['N', 7], [6], undefined],
    [['N', 2, 1, 3], [2, 1, 3], 'nhwc'],
    [['N', 'a', 'b'], [6], undefined],
    [[6], [6], undefined],
  ] as const)('refuses %j for records %j', async (shape, recordShape, layout) => {
    await expect(
      open(
        file(shape, (x) => x),
        recordShape,
        layout && { layout },
      ),
    ).rejects.toThrow(failure('MLD_MODEL_INPUT', /input 'input'/));
  });

  it('refuses several inputs and strings with advice', async () => {
    const graph = new Graph('two');
    const [a, b] = [graph.input('age', 'float32', ['N', 1]), graph.input('sex', 'float32', ['N', 1])];
    graph.output('out', ops.Concat([a, b], 1));
    await expect(open(encodeModel(graph), [2])).rejects.toThrow(
      failure('MLD_MODEL_INPUT', /2 inputs \(age, sex\)/),
    );
    await expect(
      open(
        file(['N', 2], (x) => x, 'string'),
        [2],
      ),
    ).rejects.toThrow(failure('MLD_MODEL_INPUT', /takes string values/));
  });

  it.each(['float64', 'float16', 'int64', 'uint8'] as const)('casts to %s', async (dtype) => {
    const bytes = file(['N', 2], (x) => ops.Cast(x, 'float32'), dtype);
    const probe = { values: Float32Array.of(1, 7, 0, 3), rows: 2 };
    const found = await openClassifier(bytes, 'theirs.onnx', { recordShape: [2], probe });
    expect(await answers(found, [2, 2], [5, 0, 250, 3])).toEqual({ dims: [2, 2], values: [5, 0, 250, 3] });
  });

  it('does not cut off numbers that a model of whole ones cannot take', async () => {
    const bytes = file(['N', 2], (x) => ops.Cast(x, 'float32'), 'int64');
    await expect(open(bytes, [2])).rejects.toThrow(
      failure('MLD_MODEL_INPUT', /whole numbers \(int64\).*hold 0\.125/),
    );
  });
});

describe('batches', () => {
  it.each([1, 2, 128])('opens a batch size of %d', async (size) => {
    const found = await open(
      file([size, 2, 3], (x) => firstTwo(x)),
      [6],
    );
    const { dims, values } = await answers(found, [3, 6], [...counted(3, 6)]);
    expect(dims).toEqual([3, 2]);
    expect(values).toEqual([0, 1, 0.125, 1.125, 0.25, 1.25]);
    expect(found.notes.join()).toContain(`batches of ${size}`);
  });

  it('refuses a size baked into the graph, and answers that depend on the batch', async () => {
    const baked = file([2, 6], (x, graph) =>
      ops.Add(x, ops.ReduceMax(ops.Reshape(x, graph.constant(int64([1], [12]))), [0], { keepdims: true })),
    );
    const mixed = file(['N', 6], (x) => ops.Mul(x, ops.ReduceMean(x, [0], { keepdims: true })));
    for (const bytes of [baked, mixed])
      await expect(open(bytes, [6], { output: 'logits' })).rejects.toThrow(
        expect.objectContaining({ code: 'MLD_MODEL_INPUT', hint: expect.stringContaining('dynamic batch') }),
      );
  });
});

describe('outputs', () => {
  const rows = [1, 0, 3, 0, 2, 0];

  it.each([
    ['logits', (x: Value) => x, 'logits'],
    ['Softmax', (x: Value) => ops.Softmax(x, { axis: -1 }), 'probabilities'],
    ['LogSoftmax', (x: Value) => ops.LogSoftmax(x, { axis: 1 }), 'log-probabilities'],
    [
      'a Softmax in pieces',
      (x: Value) => ops.Div(ops.Exp(x), ops.ReduceSum(ops.Exp(x), [1], { keepdims: true })),
      'probabilities',
    ],
    [
      'a Softmax behind others',
      (x: Value) => ops.Unsqueeze(ops.Softmax(x, { axis: -1 }), [2]),
      'probabilities',
    ],
    ['doubles', (x: Value) => ops.Softmax(ops.Cast(x, 'float64'), { axis: -1 }), 'probabilities'],
  ] as const)('of %s have the same posteriors', async (_, make, kind) => {
    const found = await open(file(['N', 3], make), [3]);
    expect(found.form.output).toBe(kind);
    expect(found.differentiable).toBe(true);
    const { dims, values } = await answers(found, [2, 3], rows);
    expect(dims).toEqual([2, 3]);
    for (const i of [0, 1]) {
      const powers = rows.slice(3 * i, 3 * i + 3).map((z) => Math.E ** z);
      const total = powers.reduce((a, b) => a + b, 0);
      posterior(values.slice(3 * i, 3 * i + 3)).forEach((p, k) => {
        expect(p).toBeCloseTo((powers[k] as number) / total, 6);
      });
    }
  });

  it('keeps the logits in front of a Softmax, which say more than probabilities rounded to 0', async () => {
    const found = await open(
      file(['N', 2], (x) => ops.Softmax(x, { axis: -1 })),
      [2],
    );
    expect((await answers(found, [1, 2], [0, -200])).values).toEqual([0, -200]);
  });

  it('turns a probability of 0 into minus infinity', async () => {
    const found = await open(
      file(['N', 2], (x) => {
        const positive = ops.Cast(
          ops.Greater(ops.Slice(x, { starts: [0], ends: [1], axes: [1] }), x.graph.scalar(0)),
          'float32',
        );
        return ops.Concat([positive, ops.Sub(x.graph.scalar(1), positive)], 1);
      }),
      [2],
    );
    expect(found.form.output).toBe('probabilities');
    expect((await answers(found, [2, 2], [5, 0, -5, 0])).values).toEqual([0, -Infinity, -Infinity, 0]);
    expect(found.differentiable).toBe(false);
  });

  it.each([
    ['a Sigmoid', (x: Value) => ops.Sigmoid(x), undefined],
    ['a Sigmoid of one axis', (x: Value) => ops.Squeeze(ops.Sigmoid(x), [1]), undefined],
    ['a logit', (x: Value) => ops.Neg(ops.Neg(x)), undefined],
    [
      'declared probabilities',
      (x: Value) => ops.Div(x.graph.scalar(1), ops.Add(x.graph.scalar(1), ops.Exp(ops.Neg(x)))),
      'probabilities',
    ],
    ['declared logarithms', (x: Value) => ops.Log(ops.Sigmoid(x)), 'log-probabilities'],
  ] as const)('of one column, %s, become two', async (_, make, output) => {
    const found = await open(file(['N', 1], make), [1], output && { output }, 16);
    expect(found.classes).toBe(2);
    const { dims, values } = await answers(found, [2, 1], [2, -1]);
    expect(dims).toEqual([2, 2]);
    expect(posterior(values.slice(0, 2))[1]).toBeCloseTo(1 / (1 + Math.E ** -2), 6);
    expect(posterior(values.slice(2))[1]).toBeCloseTo(1 / (1 + Math.E), 6);
  });

  it.each([
    [
      'one column that may be either',
      (x: Value) =>
        ops.Clip(ops.Slice(x, { starts: [0], ends: [1], axes: [1] }), x.graph.scalar(0), x.graph.scalar(1)),
      /logits as well as probabilities/,
    ],
    ['several labels at once', (x: Value) => ops.Sigmoid(x), /do not add up to 1/],
    [
      'a class for every place',
      (x: Value) => ops.Concat([ops.Unsqueeze(x, [2]), ops.Unsqueeze(x, [2])], 2),
      /row of numbers per record/,
    ],
    ['a label alone', (x: Value) => ops.ArgMax(x, { axis: 1 }), /row of numbers per record/],
    [
      'a Softmax over one number',
      (x: Value) => ops.Softmax(ops.Slice(x, { starts: [0], ends: [1], axes: [1] }), { axis: -1 }),
      /single number/,
    ],
    ['no numbers', (x: Value) => ops.Log(ops.Neg(ops.Add(x, x.graph.scalar(1)))), /NaN/],
  ] as const)('of %s are refused', async (_, make, message) => {
    await expect(open(file(['N', 3], make), [3])).rejects.toThrow(failure('MLD_MODEL_OUTPUT', message));
  });

  it('takes the one that others lead to, else asks for a name', async () => {
    const inner = file(['N', 3], (x) => {
      const logits = ops.Relu(x);
      return {
        features: logits,
        label: ops.ArgMax(logits, { axis: 1 }),
        p: ops.Softmax(logits, { axis: 1 }),
      };
    });
    expect((await open(inner, [3])).form).toEqual({
      layout: 'flat',
      output: 'probabilities',
      outputName: 'p',
    });
    expect((await open(inner, [3], { outputName: 'features' })).form.output).toBe('logits');
    await expect(open(inner, [3], { outputName: 'label' })).rejects.toThrow(
      failure('MLD_MODEL_OUTPUT', /int64/),
    );
    await expect(open(inner, [3], { outputName: 'q' })).rejects.toThrow(
      failure('MLD_MODEL_OUTPUT', /no output 'q'/),
    );
    const heads = file(['N', 3], (x) => ({ a: ops.Relu(x), b: ops.Neg(x) }));
    await expect(open(heads, [3])).rejects.toThrow(
      failure('MLD_MODEL_OUTPUT', /several outputs.*a \(.*b \(/),
    );
  });

  it.each([
    ['logits', (x: Value) => ops.Softmax(x, { axis: 1 })],
    ['logits', (x: Value) => ops.Div(ops.Exp(x), ops.ReduceSum(ops.Exp(x), [1], { keepdims: true }))],
    ['probabilities', (x: Value) => x],
    ['log-probabilities', (x: Value) => x],
  ] as const)('declared %s are compared with what it answers', async (output, make) => {
    await expect(open(file(['N', 3], make), [3], { output })).rejects.toThrow(
      failure('MLD_MODEL_OUTPUT', /declared|would be/),
    );
  });
});

it('counts trainable numbers, of a network only', async () => {
  const dense = file(['N', 3], (x, graph) =>
    ops.Gemm(
      x,
      graph.initializer('w', float32([3, 4], [...counted(1, 12)])),
      graph.initializer('b', float32([4], [0, 1, 2, 9])),
    ),
  );
  expect(await open(dense, [3])).toMatchObject({ parameters: 16, classes: 4, differentiable: true });
});

it('uses the names `x` and `logits` whatever the file calls its own values', async () => {
  const found = await open(
    file(['N', 2], (input, graph) => {
      const [x] = graph.node('Relu', [input], {}, { outputNames: ['logits'] });
      const [y] = graph.node('Neg', [x as Value], {}, { outputNames: ['x'] });
      return y as Value;
    }),
    [2],
  );
  expect((await answers(found, [1, 2], [3, -4])).values).toEqual([-3, -0]);
});
