/** Damaged files: cut short or changed at random, a file is read or refused, and nothing else happens. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  floatTensor,
  graphProto,
  info,
  int,
  ints,
  intTensor,
  modelBytes,
  node,
  subgraph,
} from '../../test/support/model-proto.ts';
import { OnnxGradError } from '../errors.ts';
import { decodeModel } from './decode.ts';

/** A little of everything: attributes of each kind, constants, a subgraph, upgrades. */
const small = modelBytes(
  graphProto({
    nodes: [
      node('Conv', ['x', 'w'], ['c'], { pads: ints(1, 1, 1, 1), group: int(1) }),
      node('Relu', ['c'], ['r']),
      node('MaxPool', ['r'], ['p', 'at'], { kernel_shape: ints(2, 2), strides: ints(2, 2) }),
      node('Shape', ['p'], ['sizes']),
      node('Gather', ['sizes', 'first'], ['batch']),
      node('Unsqueeze', ['batch'], ['lead'], { axes: ints(0) }),
      node('Concat', ['lead', 's'], ['target'], { axis: int(0) }),
      node('Reshape', ['p', 'target'], ['f']),
      node('Softmax', ['f'], ['m'], { axis: int(0) }),
      node('ReduceSum', ['m'], ['t'], { axes: ints(1) }),
      node('TopK', ['m', 'k'], ['v', 'i']),
      node('If', ['b'], ['y'], {
        then_branch: subgraph(
          graphProto({ nodes: [node('Neg', ['t'], ['n'])], outputs: [info('n', undefined)] }),
        ),
        else_branch: subgraph(
          graphProto({ nodes: [node('Abs', ['t'], ['a'])], outputs: [info('a', undefined)] }),
        ),
      }),
    ],
    inputs: [info('x', ['N', 1, 4, 4]), info('b', [], 'bool')],
    outputs: [info('y', undefined), info('v', undefined)],
    initializers: [
      floatTensor('w', [2, 1, 3, 3], Array(18).fill(0.5)),
      intTensor('first', [], [0]),
      intTensor('s', [1], [-1]),
      intTensor('k', [1], [2]),
    ],
  }),
  12,
);

/** True when it was read. */
const settles = (bytes: Uint8Array): boolean => {
  try {
    decodeModel(bytes);
    return true;
  } catch (error) {
    if (!(error instanceof OnnxGradError)) throw error;
    expect(error.hint).not.toBe('');
    return false;
  }
};

test('the whole file is read', () => {
  expect(settles(small)).toBe(true);
});

test('cut short at every byte', () => {
  let read = 0;
  for (let length = 0; length < small.length; length++) if (settles(small.subarray(0, length))) read++;
  // Protocol buffers do not say where they end, so a cut between two fields of the model can go unseen.
  expect(read).toBeLessThan(3);
});

test('one byte set to anything at every place', () => {
  for (let at = 0; at < small.length; at++)
    for (const value of [0, 1, 0x7f, 0x80, 0xff, (small[at] as number) ^ 1, (small[at] as number) ^ 8]) {
      const bytes = small.slice();
      bytes[at] = value;
      settles(bytes);
    }
});

const mutation = (length: number) =>
  fc.array(
    fc.record({
      at: fc.nat({ max: length - 1 }),
      value: fc.nat({ max: 255 }),
      kind: fc.constantFrom('set', 'remove', 'insert', 'swap'),
    }),
    { minLength: 1, maxLength: 5 },
  );

const mutate = (
  original: Uint8Array,
  changes: readonly { at: number; value: number; kind: string }[],
): Uint8Array => {
  let bytes = Array.from(original);
  for (const { at, value, kind } of changes) {
    if (kind === 'set') bytes[at % bytes.length] = value;
    if (kind === 'insert') bytes.splice(at % bytes.length, 0, value);
    if (kind === 'remove') bytes.splice(at % bytes.length, value % 5);
    if (kind === 'swap') bytes = [...bytes.slice(at), ...bytes.slice(0, at)];
    if (bytes.length === 0) break;
  }
  return Uint8Array.from(bytes);
};

test('a few random changes at once', () => {
  fc.assert(
    fc.property(mutation(small.length), (changes) => {
      settles(mutate(small, changes));
    }),
    { numRuns: 3000 },
  );
});

const folder = new URL('../../../../../shared/data/onnx/', import.meta.url);
const files = (() => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.onnx'));
  } catch {
    return [];
  }
})();

describe.skipIf(files.length === 0)('real files (shared/data/onnx, absent on most machines)', () => {
  test.each(files)('%s cut short and changed at 200 places', (file) => {
    const whole = new Uint8Array(readFileSync(new URL(file, folder)));
    expect(settles(whole)).toBe(true);
    // Most of a file is weights, where any change is valid: half of the places are in its first and last 3000 bytes.
    const place = (i: number, draw: number) =>
      i % 4 === 0 ? draw % 3000 : i % 4 === 1 ? whole.length - 1 - (draw % 3000) : draw % whole.length;
    fc.assert(
      fc.property(
        fc.nat({ max: 2 ** 31 - 1 }),
        fc.nat({ max: 255 }),
        fc.nat({ max: 3 }),
        (draw, value, i) => {
          const at = place(i, draw);
          const old = whole[at] as number;
          whole[at] = value;
          try {
            settles(whole);
            settles(whole.subarray(0, at));
          } finally {
            whole[at] = old;
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
