import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TaskIdentity, taskKey } from './task-key.ts';

const base: TaskIdentity = {
  kind: 'train',
  seed: 0,
  params: { epochs: 60, model: { name: 'cnn', width: 32 } },
  inputs: ['a'.repeat(64), 'b'.repeat(64)],
  code: 'c'.repeat(64),
  runtime: { onnxruntime: '1.30.0', device: 'cpu', threads: 1 },
};

const changes: Record<string, TaskIdentity> = {
  kind: { ...base, kind: 'query' },
  seed: { ...base, seed: 1 },
  'a parameter': { ...base, params: { epochs: 61, model: { name: 'cnn', width: 32 } } },
  'a nested parameter': { ...base, params: { epochs: 60, model: { name: 'cnn', width: 33 } } },
  'a parameter more': { ...base, params: { epochs: 60, model: { name: 'cnn', width: 32 }, decay: null } },
  'the type of a parameter': { ...base, params: { epochs: '60', model: { name: 'cnn', width: 32 } } },
  'an input': { ...base, inputs: ['a'.repeat(64), 'd'.repeat(64)] },
  'an input less': { ...base, inputs: ['a'.repeat(64)] },
  'the order of inputs': { ...base, inputs: ['b'.repeat(64), 'a'.repeat(64)] },
  code: { ...base, code: 'd'.repeat(64) },
  onnxruntime: { ...base, runtime: { ...base.runtime, onnxruntime: '1.30.1' } },
  device: { ...base, runtime: { ...base.runtime, device: 'cuda' } },
  threads: { ...base, runtime: { ...base.runtime, threads: 2 } },
};

test.each(Object.entries(changes))('another %s is another key', (_, changed) => {
  expect(taskKey(changed)).not.toBe(taskKey(base));
});

test('all those changes differ from each other', () => {
  expect(new Set(Object.values(changes).map(taskKey)).size).toBe(Object.keys(changes).length);
});

test('the order of members does not matter', () => {
  const { runtime, code, inputs, seed, kind } = base;
  const params = { model: { width: 32, name: 'cnn' }, epochs: 60 };
  const { threads, device, onnxruntime } = runtime;
  expect(taskKey({ runtime: { threads, device, onnxruntime }, code, inputs, params, seed, kind })).toBe(
    taskKey(base),
  );
});

test('equal parameters give equal keys, others give others', () => {
  // Both sides through JSON, which has no minus zero.
  const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
  fc.assert(
    fc.property(json, json, (a, b) => {
      const equal = isDeepEqual(a, b);
      expect(taskKey({ ...base, params: a }) === taskKey({ ...base, params: b })).toBe(equal);
      expect(taskKey({ ...base, params: a })).toBe(taskKey({ ...base, params: structuredClone(a) }));
    }),
    { numRuns: 200 },
  );
});

function isDeepEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
}
