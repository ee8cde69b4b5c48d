/** Sessions on the real onnxruntime. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { OnnxGradError } from '../errors.ts';
import type { DType, TensorData } from '../graph/dtype.ts';
import { Graph } from '../graph/graph.ts';
import { Add, Identity, MatMul } from '../graph/ops/index.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import { encodeModel } from '../onnx/encode.ts';
import { createSession } from './session.ts';

const passing = (dtype: DType): Graph => {
  const graph = new Graph();
  graph.output('y', Identity(graph.input('x', dtype, ['N', 2])));
  return graph;
};

const samples: readonly [DType, TensorData][] = [
  ['float32', Float32Array.of(1.5, -0)],
  ['float64', Float64Array.of(Math.PI, -1e300)],
  ['int8', Int8Array.of(-128, 127)],
  ['uint8', Uint8Array.of(0, 255)],
  ['int16', Int16Array.of(-32768, 5)],
  ['uint16', Uint16Array.of(65535, 0)],
  ['int32', Int32Array.of(-(2 ** 31), 7)],
  ['uint32', Uint32Array.of(2 ** 32 - 1, 0)],
  ['int64', BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n)],
  ['uint64', BigUint64Array.of(2n ** 64n - 1n, 0n)],
  // As bits, and a NaN with a payload among them.
  ['float16', Uint16Array.of(0x3c00, 0x7e01)],
  ['bool', Uint8Array.of(1, 0)],
  ['string', ['ä', '']],
];

describe('tensors in and out', () => {
  test.each(samples)('%s', async (dtype, data) => {
    const session = await createSession(passing(dtype));
    const { y } = await session.run({ x: { dtype, dims: [1, 2], data } });
    await session.dispose();
    expect(y).toEqual({ dtype, dims: [1, 2], data });
  });

  test('a part of a larger array is read at its place, and none at all is fine', async () => {
    const session = await createSession(passing('float32'));
    const data = Float32Array.of(9, 9, 1, 2).subarray(2);
    expect((await session.run({ x: float32([1, 2], data) }))['y']?.data).toEqual(Float32Array.of(1, 2));
    expect((await session.run({ x: float32([0, 2], []) }))['y']?.dims).toEqual([0, 2]);
    await session.dispose();
  });

  test('feeds stay as they were, and outputs of one run are not changed by the next', async () => {
    const session = await createSession(passing('float32'));
    const first = Float32Array.of(1, 2);
    const kept = (await session.run({ x: float32([1, 2], first) }))['y'] as Tensor;
    await session.run({ x: float32([1, 2], [8, 9]) });
    const again = await session.run({ x: kept });
    expect(again['y']?.data).toEqual(Float32Array.of(1, 2));
    expect(first).toEqual(Float32Array.of(1, 2));
    await session.dispose();
  });

  test('only what is wanted is returned', async () => {
    const graph = passing('float32');
    graph.output('twice', Add(graph.value('x'), graph.value('x')));
    const session = await createSession(encodeModel(graph));
    expect(session.inputNames).toEqual(['x']);
    expect(session.outputNames).toEqual(['y', 'twice']);
    const results = await session.run({ x: float32([1, 2], [1, 2]) }, ['twice']);
    expect(results).toEqual({ twice: float32([1, 2], [2, 4]) });
    await session.dispose();
  });
});

describe('what does not fit is named', () => {
  const sum = (): Graph => {
    const graph = new Graph();
    graph.output(
      'y',
      Add(graph.input('first', 'float32', ['N', 2]), graph.input('second', 'float32', ['N', 2])),
    );
    return graph;
  };
  const good = float32([3, 2], [1, 2, 3, 4, 5, 6]);
  const faults: Record<string, [Record<string, Tensor>, RegExp]> = {
    'a missing input': [{ first: good }, /'second' is missing/],
    'a wrong size': [
      { first: good, second: float32([1, 3], [1, 2, 3]) },
      /'second' has shape \[1, 3\].*\[N, 2\]/,
    ],
    'a wrong rank': [{ first: good, second: float32([2], [1, 2]) }, /'second' has shape \[2\].*\[N, 2\]/],
    'a wrong type': [
      { first: good, second: { dtype: 'float64', dims: [3, 2], data: new Float64Array(6) } },
      /'second' is float64, the model takes float32/,
    ],
    'two batch sizes': [
      { first: good, second: float32([2, 2], [1, 2, 3, 4]) },
      /'second' has shape \[2, 2\], but 'first' has 3/,
    ],
    'too few elements': [
      { first: good, second: { ...good, data: new Float32Array(5) } },
      /'second'.*\[3, 2\]/,
    ],
    'data of another type': [
      { first: good, second: { ...good, data: new Float64Array(6) } },
      /'second'.*float32/,
    ],
  };
  test.each(Object.entries(faults))('%s', async (_, [feeds, message]) => {
    const session = await createSession(sum());
    await expect(session.run(feeds)).rejects.toMatchObject({
      code: 'OG_RUNTIME_FAILED',
      message: expect.stringMatching(message),
    });
    // The session lives on.
    expect((await session.run({ first: good, second: good }))['y']?.data[5]).toBe(12);
    await session.dispose();
  });

  test('an output the model has not', async () => {
    const session = await createSession(sum());
    const run = session.run({ first: good, second: good }, ['z']);
    await expect(run).rejects.toMatchObject({
      code: 'OG_RUNTIME_FAILED',
      message: expect.stringContaining('z'),
    });
    await session.dispose();
  });

  test('bytes that are no model, and a number of threads that is none', async () => {
    await expect(createSession(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({
      code: 'OG_RUNTIME_FAILED',
    });
    for (const threads of [0, -1, 1.5, Number.NaN])
      await expect(createSession(sum(), { threads })).rejects.toMatchObject({ code: 'OG_BAD_ARGUMENT' });
  });

  test('a device that cannot be had, unless it can', async () => {
    const outcome = await createSession(sum(), { device: 'cuda' }).then(
      async (session) => {
        await session.dispose();
        return 'runs';
      },
      ({ code, hint }: OnnxGradError) => `${code}: ${hint}`,
    );
    expect(outcome).toMatch(/^runs$|^OG_DEVICE_MISSING: .*device cpu/);
  });
});

describe('a session has an end', () => {
  test('disposing twice is fine, running afterwards is not', async () => {
    const session = await createSession(passing('float32'));
    await session.dispose();
    await session.dispose();
    await session[Symbol.asyncDispose]();
    const run = session.run({ x: float32([1, 2], [1, 2]) });
    await expect(run).rejects.toMatchObject({
      code: 'OG_RUNTIME_FAILED',
      message: 'the session was disposed',
    });
  });
});

describe('options reach onnxruntime', () => {
  const folder = mkdtempSync(join(tmpdir(), 'onnx-grad-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('profile writes a file that names the operators', async () => {
    const session = await createSession(passing('float32'), { profile: join(folder, 'profile') });
    await session.run({ x: float32([1, 2], [1, 2]) });
    session.endProfiling();
    await session.dispose();
    const [file] = readdirSync(folder);
    expect(file).toMatch(/^profile/);
    const events = JSON.parse(readFileSync(join(folder, file as string), 'utf8')) as { name: string }[];
    expect(events.some(({ name }) => name === 'model_run')).toBe(true);
  });

  const tasks = '/proc/self/task';
  test.skipIf(!existsSync(tasks))('threads: one brings none of its own, four bring three', async () => {
    const graph = new Graph();
    graph.output('y', MatMul(graph.input('x', 'float32', [64, 64]), graph.input('w', 'float32', [64, 64])));
    const x = float32([64, 64], new Float32Array(4096).fill(1));
    const added = async (threads?: number) => {
      const before = readdirSync(tasks).length;
      const session = await createSession(graph, threads === undefined ? {} : { threads });
      await session.run({ x, w: x });
      const during = readdirSync(tasks).length;
      await session.dispose();
      return during - before;
    };
    // The first session starts the threads that onnxruntime and Node keep.
    await added();
    expect(await added()).toBe(0);
    expect(await added(1)).toBe(0);
    expect(await added(4)).toBe(3);
  });
});
