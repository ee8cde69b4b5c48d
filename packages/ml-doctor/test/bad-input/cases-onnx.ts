/** ONNX files that lie, loop, ask for too much or answer what nobody can use. */

import { auditOf, type BadCase } from './bad-case.ts';
import {
  field,
  floats,
  graph,
  INT64,
  initializer,
  linear,
  message,
  node,
  STRING,
  value,
} from './make-onnx.ts';

const UNREADABLE = 'MLD_MODEL_UNREADABLE';
const INPUT = 'MLD_MODEL_INPUT';
const OUTPUT = 'MLD_MODEL_OUTPUT';

const onnx = (title: string, code: string, bytes: () => string | Uint8Array, says?: RegExp): BadCase => ({
  ...{ title, code, args: auditOf({ '--model': 'bad.onnx' }), files: () => ({ 'bad.onnx': bytes() }) },
  ...(says && { says }),
});

const W = initializer('w', [4, 3], floats(...new Array(12).fill(0.5)));
const matmul = (input = 'x') => node('MatMul', [input, 'w'], ['logits']);
const then = (...nodes: readonly Uint8Array[]) => ({ nodes: [node('MatMul', ['x', 'w'], ['m']), ...nodes] });

/** If-nodes in the branches of If-nodes. */
const nested = (depth: number): Uint8Array => {
  let inner = graph({ nodes: [node('Identity', ['m'], ['o'])], outputs: [value('o', ['N', 3])] });
  for (let i = 0; i < depth; i++) {
    const branch = (name: string) => message([1, name], [6, inner], [20, 5]);
    inner = graph({
      nodes: [node('If', ['c'], ['o'], { attributes: [branch('then_branch'), branch('else_branch')] })],
      outputs: [value('o', ['N', 3])],
    });
  }
  return inner;
};

export const ONNX_CASES: readonly BadCase[] = [
  onnx('an empty model', UNREADABLE, () => ''),
  onnx('a model that is text', UNREADABLE, () => '{"model": true}'),
  onnx('a model that is HTML', UNREADABLE, () => '<!doctype html><html></html>'),
  onnx('a pickled model', UNREADABLE, () => Buffer.from('8004952500000000000000', 'hex')),
  onnx('a PyTorch file', UNREADABLE, () => Buffer.from('PK\x03\x04rest of an archive')),
  onnx('a model cut to half', UNREADABLE, () => linear().subarray(0, 90)),
  onnx('a model without its last byte', UNREADABLE, () => linear().subarray(0, -1)),
  onnx(
    'a Git LFS pointer',
    UNREADABLE,
    () => 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n',
  ),
  onnx('zeros for a model', UNREADABLE, () => Buffer.alloc(1000)),
  onnx('a model without a graph', UNREADABLE, () => message([1, 8], [8, message([1, ''], [2, 17])])),
  onnx('a length of 2^63 within a model', UNREADABLE, () => Buffer.from('3affffffffffffffff7f', 'hex')),
  onnx('a model of nested messages without end', UNREADABLE, () => {
    let bytes: Buffer = Buffer.alloc(0);
    for (let i = 0; i < 20_000; i++) bytes = i % 500 === 0 ? Buffer.from(field(7, bytes)) : field(7, bytes);
    return bytes;
  }),
  onnx('graphs in graphs, 2,000 deep', UNREADABLE, () =>
    linear({
      nodes: [
        matmul(),
        node('If', ['c'], ['o'], { attributes: [message([1, 'then_branch'], [6, nested(12)], [20, 5])] }),
      ],
    }),
  ),
  onnx('no outputs', OUTPUT, () => linear({ outputs: [] })),
  onnx('an output that nothing makes', UNREADABLE, () => linear({ outputs: [value('nowhere', ['N', 3])] })),
  onnx('a model of no inputs', INPUT, () =>
    linear({ inputs: [], initializers: [W, initializer('x', [1, 4], floats(1, 2, 3, 4))] }),
  ),
  onnx('two inputs', INPUT, () =>
    linear({
      inputs: [value('x', ['N', 4]), value('z', ['N', 3])],
      ...{ nodes: [node('MatMul', ['x', 'w'], ['m']), node('Add', ['m', 'z'], ['logits'])] },
    }),
  ),
  onnx('an input of text', INPUT, () =>
    linear({
      inputs: [value('x', ['N', 4], STRING)],
      nodes: [node('Identity', ['x'], ['logits'])],
      outputs: [value('logits', ['N', 4], STRING)],
    }),
  ),
  onnx('an input of another width', INPUT, () =>
    linear({
      inputs: [value('x', ['N', 5])],
      initializers: [initializer('w', [5, 3], floats(...new Array(15).fill(1)))],
    }),
  ),
  onnx('an input of pictures', INPUT, () =>
    linear({
      inputs: [value('x', ['N', 3, 32, 32])],
      nodes: [node('Flatten', ['x'], ['f']), node('MatMul', ['f', 'w'], ['logits'])],
      initializers: [initializer('w', [3072, 3], floats(...new Array(9216).fill(0)))],
    }),
  ),
  onnx('sizes of 2^62 of the input', UNREADABLE, () => linear({ inputs: [value('x', ['N', 2n ** 62n])] })),
  onnx(
    'a cycle',
    UNREADABLE,
    () => linear({ nodes: [node('Relu', ['b'], ['a']), node('Neg', ['a'], ['b']), matmul('b')] }),
    /cycle/,
  ),
  onnx('an operator that reads itself', UNREADABLE, () =>
    linear({ nodes: [node('Add', ['x', 'a'], ['a']), matmul('a')] }),
  ),
  onnx('a value made twice', UNREADABLE, () =>
    linear({ nodes: [node('Relu', ['x'], ['a']), node('Neg', ['x'], ['a']), matmul('a')] }),
  ),
  onnx('a value that is not there', UNREADABLE, () => linear({ nodes: [matmul('missing')] })),
  onnx('an unknown operator', UNREADABLE, () => linear(then(node('Frobnicate', ['m'], ['logits'])))),
  onnx(
    'an unknown domain',
    UNREADABLE,
    () => linear(then(node('Magic', ['m'], ['logits'], { domain: 'com.acme' })), { domains: ['com.acme'] }),
    /com\.acme/,
  ),
  onnx('an operator of a classical model that is none', UNREADABLE, () =>
    linear(then(node('Magic', ['m'], ['logits'], { domain: 'ai.onnx.ml' })), { domains: ['ai.onnx.ml'] }),
  ),
  onnx('operator set 999', UNREADABLE, () => linear({}, { opset: 999 })),
  onnx('operator set 0', UNREADABLE, () => linear({}, { opset: 0 })),
  onnx('operator set below 0', UNREADABLE, () => linear({}, { opset: -1 })),
  onnx(
    'weights in another file',
    UNREADABLE,
    () => linear({ initializers: [initializer('w', [4, 3], undefined, { external: 'w.bin' })] }),
    /another file/,
  ),
  onnx('weights in /etc/passwd', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [4, 3], undefined, { external: '../../../etc/passwd' })] }),
  ),
  onnx('weights in /dev/zero', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [2n ** 40n], undefined, { external: '/dev/zero' })] }),
  ),
  onnx('weights of 2^40 without numbers', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [2n ** 40n], undefined)] }),
  ),
  onnx('unused weights of 2^40', UNREADABLE, () =>
    linear({ initializers: [W, initializer('unused', [2n ** 20n, 2n ** 20n], floats(1))] }),
  ),
  onnx('weights of 2^62 × 4', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [2n ** 62n, 4], floats(1))] }),
  ),
  onnx('weights of a negative size', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [-4n, -3n], floats(...new Array(12).fill(1)))] }),
  ),
  onnx('fewer numbers than the weights need', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [4, 3], floats(1, 2))] }),
  ),
  onnx('weights of no known type', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [4, 3], floats(...new Array(12).fill(1)), { type: 99 })] }),
  ),
  onnx('weights of text', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [4, 3], floats(...new Array(12).fill(1)), { type: STRING })] }),
  ),
  onnx('weights of another shape', UNREADABLE, () =>
    linear({ initializers: [initializer('w', [3, 4], floats(...new Array(12).fill(1)))] }),
  ),
  onnx('a constant of 2^40 numbers', 'MLD_LIMIT', () =>
    linear({
      ...then(
        node('Expand', ['m', 'big'], ['e']),
        node('ReduceMax', ['e'], ['logits'], {
          attributes: [message([1, 'axes'], [8, 0], [20, 7]), message([1, 'keepdims'], [3, 0], [20, 2])],
        }),
      ),
      initializers: [
        W,
        initializer('big', [3], Buffer.from(BigInt64Array.of(2n ** 40n, 1n, 1n).buffer), { type: INT64 }),
      ],
    }),
  ),
  onnx('a Reshape to 2^62 rows', 'MLD_LIMIT', () =>
    linear({
      ...then(node('Reshape', ['m', 's'], ['logits'])),
      initializers: [
        W,
        initializer('s', [2], Buffer.from(BigInt64Array.of(2n ** 62n, 3n).buffer), { type: INT64 }),
      ],
    }),
  ),
  onnx('labels for an output', OUTPUT, () =>
    linear({ ...then(node('ArgMax', ['m'], ['label'])), outputs: [value('label', ['N', 1], INT64)] }),
  ),
  onnx('an output of text', OUTPUT, () =>
    linear({
      outputs: [value('s', ['N'], STRING)],
      nodes: [node('Cast', ['x'], ['s'], { attributes: [message([1, 'to'], [3, STRING], [20, 2])] })],
    }),
  ),
  onnx('an output of one number for all', OUTPUT, () =>
    linear({
      ...then(
        node('ReduceMean', ['m'], ['logits'], { attributes: [message([1, 'keepdims'], [3, 0], [20, 2])] }),
      ),
      outputs: [value('logits', [])],
    }),
  ),
  onnx('an output of no class', OUTPUT, () =>
    linear({
      initializers: [initializer('w', [4, 0], Buffer.alloc(0))],
      outputs: [value('logits', ['N', 0])],
    }),
  ),
  onnx('fewer outputs than classes', 'MLD_DATA_INVALID', () =>
    linear({
      initializers: [initializer('w', [4, 2], floats(1, -1, 2, -2, 0, 1, 1, 0))],
      outputs: [value('logits', ['N', 2])],
    }),
  ),
  onnx(
    'answers that are NaN',
    OUTPUT,
    () => linear(then(node('Sqrt', ['m'], ['r']), node('Neg', ['r'], ['n']), node('Log', ['n'], ['logits']))),
    /NaN|finite/,
  ),
  onnx('weights that are NaN', OUTPUT, () =>
    linear({ initializers: [initializer('w', [4, 3], floats(...new Array(12).fill(Number.NaN)))] }),
  ),
  onnx('records that depend on each other', OUTPUT, () =>
    linear(then(node('Softmax', ['m'], ['logits'], { attributes: [message([1, 'axis'], [3, 0], [20, 2])] }))),
  ),
  onnx('an axis that is not there', UNREADABLE, () =>
    linear(then(node('Softmax', ['m'], ['logits'], { attributes: [message([1, 'axis'], [3, 9], [20, 2])] }))),
  ),
  onnx('no name at all', UNREADABLE, () => linear({ nodes: [node('MatMul', ['', 'w'], ['logits'])] })),
  {
    title: 'a model that is a folder',
    code: UNREADABLE,
    args: auditOf({ '--model': 'm' }),
    files: () => ({ m: { special: 'folder' } }),
  },
  {
    title: 'a model that is a pipe',
    code: UNREADABLE,
    args: auditOf({ '--model': 'm' }),
    files: () => ({ m: { special: 'pipe' } }),
  },
  { title: 'a model that is /dev/zero', code: UNREADABLE, args: auditOf({ '--model': '/dev/zero' }) },
  {
    title: 'a model that links to /dev/zero',
    code: UNREADABLE,
    args: auditOf({ '--model': 'm.onnx' }),
    files: () => ({ 'm.onnx': { link: '/dev/zero' } }),
  },
  { title: 'a model that is not there', code: UNREADABLE, args: auditOf({ '--model': 'no.onnx' }) },
  { title: 'a model without a name', code: 'MLD_CONFIG', args: auditOf({ '--model': '' }) },
  { title: 'a model with a NUL in its path', code: UNREADABLE, args: auditOf({ '--model': 'a\0b' }) },
  { title: 'an output name that the model lacks', code: OUTPUT, args: auditOf({}, '--output-name', 'nope') },
  { title: 'probabilities that are none', code: OUTPUT, args: auditOf({}, '--output', 'probabilities') },
  { title: 'a layout that does not fit', code: INPUT, args: auditOf({}, '--layout', 'nchw') },
];
