/** Each protocol against a server that speaks it, around a model whose answers are known. */
import { createSession, float32 } from 'onnx-grad';
import { describe, expect, it, onTestFinished } from 'vitest';
import { outputGraph } from '../../src/defenses/output/shown-output.ts';
import type { EndpointChoice } from '../../src/targets/http/endpoint.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { ask, closeTo, openAt, records } from './asking.ts';
import { inputsOf } from './rows.ts';
import { CLASSES, logitsOf, posteriorsOf, type Received, type Reply, serve } from './server.ts';

const ROWS = records(11);
const EXPECTED = ROWS.map(posteriorsOf);

const chunks = (data: readonly number[], size: number): number[][] =>
  Array.from({ length: data.length / size }, (_, i) => data.slice(i * size, (i + 1) * size));

const scores = (x: readonly number[]) =>
  posteriorsOf(x)
    .map((score, i) => ({ label: CLASSES[i] as string, score }))
    .sort((a, b) => b.score - a.score);

interface Case {
  readonly name: string;
  readonly path: string;
  readonly more: Partial<EndpointChoice>;
  answer(request: Received): unknown;
  /** Requests for eleven records and five that are asked again. */
  readonly requests?: number;
}

const CASES: readonly Case[] = [
  {
    name: 'plain JSON',
    path: '/',
    more: {},
    answer: ({ json }) => json.inputs.map(posteriorsOf),
  },
  {
    name: 'plain JSON with a template and a path',
    path: '/score',
    more: { request: { data: { x: '{{inputs}}', n: '{{rows}}' } }, response: 'predictions[*].scores' },
    answer: ({ json }) => {
      expect(json.data.n).toBe(json.data.x.length);
      return { predictions: json.data.x.map((x: number[]) => ({ scores: posteriorsOf(x), took: 3 })) };
    },
  },
  {
    name: 'one record a request',
    path: '/one',
    more: { request: { x: '{{input}}' }, response: '$.result["of it"]' },
    answer: ({ json }) => ({ result: { 'of it': posteriorsOf(json.x) } }),
    requests: 16,
  },
  {
    name: 'a body that is a text',
    path: '/text',
    more: { request: 'x={{inputs}}' },
    answer: ({ text }) => ({ scores: JSON.parse(text.slice(2)).map(posteriorsOf) }),
  },
  {
    name: 'KServe V2',
    path: '/v2/models/m/infer',
    more: { protocol: 'kserve' },
    answer: ({ json }) => {
      const [{ name, shape, datatype, data }] = json.inputs;
      expect([name, shape[1], datatype, data.length]).toEqual(['input', 4, 'FP32', shape[0] * 4]);
      const out = chunks(data, 4).flatMap(posteriorsOf);
      return { outputs: [{ name: 'probs', shape: [shape[0], 3], datatype: 'FP32', data: out }] };
    },
  },
  {
    name: 'Triton with a tensor by name, and logits',
    path: '/v2/models/m/infer',
    more: {
      protocol: 'kserve',
      answers: 'logits',
      request: { inputs: [{ name: 'x', shape: '{{shape}}', datatype: 'FP32', data: '{{inputs}}' }] },
      response: 'outputs[name=logits].data',
    },
    answer: ({ json }) => ({
      outputs: [
        { name: 'embedding', data: [1, 2, 3] },
        { name: 'logits', data: json.inputs[0].data.flatMap((x: number[]) => logitsOf(x).map((z) => z + 7)) },
      ],
    }),
  },
  {
    name: 'TorchServe',
    path: '/predictions/m',
    more: { protocol: 'torchserve' },
    answer: ({ json }) => Object.fromEntries(scores(json).map(({ label, score }) => [label, score])),
    requests: 16,
  },
  {
    name: 'TorchServe with the JSON envelope',
    path: '/predictions/m',
    more: { protocol: 'torchserve', request: { instances: '{{inputs}}' } },
    answer: ({ json }) => ({ predictions: json.instances.map(posteriorsOf) }),
  },
  {
    name: 'TF Serving',
    path: '/v1/models/m:predict',
    more: { protocol: 'tf-serving' },
    answer: ({ json }) => ({ predictions: json.instances.map(posteriorsOf) }),
  },
  {
    name: 'TF Serving by columns',
    path: '/v1/models/m:predict',
    more: { protocol: 'tf-serving', answers: 'log-probabilities', request: { inputs: '{{inputs}}' } },
    answer: ({ json }) => ({ outputs: json.inputs.map((x: number[]) => posteriorsOf(x).map(Math.log)) }),
  },
  {
    name: 'MLflow',
    path: '/invocations',
    more: { protocol: 'mlflow' },
    answer: ({ json }) => ({ predictions: json.inputs.map(posteriorsOf) }),
  },
  {
    name: 'MLflow with rows of a table',
    path: '/invocations',
    more: { protocol: 'mlflow' },
    answer: ({ json }) => ({
      predictions: json.inputs.map((x: number[]) =>
        Object.fromEntries(posteriorsOf(x).map((p, i) => [`${i}`, p])),
      ),
    }),
  },
  {
    name: 'Hugging Face',
    path: '/',
    more: { protocol: 'hugging-face' },
    answer: ({ json }) => {
      expect(json.parameters).toEqual({ top_k: 3 });
      return json.inputs.map(scores);
    },
  },
  {
    name: 'Hugging Face with numbered labels',
    path: '/',
    more: { protocol: 'hugging-face', batch: 1 },
    answer: ({ json }) => posteriorsOf(json.inputs[0]).map((score, i) => ({ label: `LABEL_${i}`, score })),
    requests: 16,
  },
];

describe('answers through', () => {
  it.each(CASES)('$name', async ({ path, more, answer, requests = 3 }) => {
    const server = await serve((request): Reply => {
      expect([request.method, request.path]).toEqual(['POST', path]);
      return { body: answer(request) };
    });
    const endpoint = await openAt(`${server.url}${path}`, { more });
    expect(await ask(endpoint, ROWS)).toEqual(closeTo(EXPECTED));
    expect([server.requests.length, endpoint.sent, endpoint.partial]).toEqual([requests, 16, 0]);
    expect(endpoint.drift).toEqual({ asked: 5, differing: 0, largestDifference: 0 });
  });

  it('a GET, with the record in the address', async () => {
    const server = await serve(({ method, path, text }) => {
      expect([method, text]).toEqual(['GET', '']);
      return { body: posteriorsOf(JSON.parse(new URL(path, 'http://x').searchParams.get('x') ?? '')) };
    });
    const endpoint = await openAt(`${server.url}/p?x={{input}}`, { more: { method: 'GET' } });
    expect(await ask(endpoint, ROWS)).toEqual(closeTo(EXPECTED));
  });
});

describe('what is shown in part', () => {
  it.each([
    ['classes by index', (best: number) => best],
    ['classes by name', (best: number) => CLASSES[best]],
    ['lists of one', (best: number) => [best]],
    ['floats, as numpy writes them', (best: number) => `${best}.0`],
  ])('%s', async (_, label) => {
    const bests = EXPECTED.map((row) => row.indexOf(Math.max(...row)));
    expect(new Set(bests).size).toBeGreaterThan(1);
    const server = await serve(({ json }) => ({
      body: {
        predictions: json.inputs.map((x: number[]) => {
          const row = posteriorsOf(x);
          return label(row.indexOf(Math.max(...row)));
        }),
      },
    }));
    const endpoint = await openAt(server.url, { more: { answers: 'label' } });
    const { logits } = await endpoint.answers(inputsOf(ROWS), new AbortController().signal);
    expect(Array.from(logits)).toEqual(
      bests.flatMap((best) => [0, 1, 2].map((j) => (j === best ? 0 : Number.NEGATIVE_INFINITY))),
    );
  });

  it('takes a number for the name of a class where classes are numbers', async () => {
    const server = await serve(({ json }) => ({ body: json.inputs.map(() => 1) }));
    const endpoint = await openAt(server.url, {
      more: { answers: 'label' },
      options: { classes: ['1', '2', '3'] },
    });
    expect(await ask(endpoint, records(1))).toEqual([[1, 0, 0]]);
    const zero = await serve(({ json }) => ({ body: json.inputs.map(() => 0) }));
    const unnamed = await openAt(zero.url, {
      more: { answers: 'label' },
      options: { classes: ['1', '2', '3'] },
    });
    await expect(ask(unnamed, records(1))).rejects.toMatchObject({ code: 'MLD_ENDPOINT_ANSWER' });
    // A place is a place, whatever classes are called.
    const placed = await serve(({ json }) => ({ body: json.inputs.map(() => 'LABEL_1') }));
    const other = await openAt(placed.url, {
      more: { answers: 'label' },
      options: { classes: ['1', '2', '3'] },
    });
    expect(await ask(other, records(1))).toEqual([[0, 1, 0]]);
  });

  it.each([1, 2])(
    'the top %i of three: the others are as behind the defence that shows no more',
    async (k) => {
      const server = await serve(({ json }) => ({
        body: json.inputs.map((x: number[]) => (k === 1 ? scores(x)[0] : scores(x).slice(0, k))),
      }));
      const more = { protocol: 'hugging-face' } as const;
      const endpoint = await openAt(server.url, { more, options: { showsSome: true } });
      const { logits } = await endpoint.answers(inputsOf(ROWS), new AbortController().signal);
      const x = float32([ROWS.length, 3], EXPECTED.flat().map(Math.log));
      const defense = await createSession(outputGraph(3, { shows: 'top-k', k }), { threads: 1 });
      onTestFinished(() => defense.dispose());
      const defended = (await defense.run({ x }))['logits']?.data as Float32Array;
      expect([...logits]).toEqual([...defended].map((z) => expect.closeTo(z, 5)));
      expect(endpoint.partial).toBe(ROWS.length);
      // Of the largest alone a softmax would make 1.
      const sums = ROWS.map((_, i) => [0, 1, 2].reduce((sum, j) => sum + Math.exp(logits[3 * i + j]!), 0));
      expect(sums.every((sum) => sum <= 1 + 1e-6)).toBe(true);
      const firsts = ROWS.map((_, i) => Math.exp(Math.max(...logits.subarray(3 * i, 3 * i + 3))));
      expect(firsts).toEqual(EXPECTED.map((row) => expect.closeTo(Math.max(...row), 5)));
    },
  );

  it('is refused where nobody said so, kept, and used where somebody does', async () => {
    const server = await serve(({ json }) => ({ body: json.inputs.map((x: number[]) => scores(x)[0]) }));
    const ledger = temporaryFolder();
    const more = { protocol: 'hugging-face' } as const;
    const strict = await openAt(server.url, { more, options: { ledger } });
    await expect(ask(strict, ROWS)).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_ANSWER',
      message: expect.stringContaining('shows 1 of 3 classes'),
      hint: expect.stringContaining('offers: { output: topK }'),
    });
    await strict.close();
    const { length } = server.requests;
    const offline = { ledger, offline: true };
    const again = await openAt(server.url, { more, options: { ...offline, showsSome: true } });
    const largest = (await ask(again, ROWS)).map((row) => Math.max(...row));
    expect(largest).toEqual(EXPECTED.map((row) => expect.closeTo(Math.max(...row), 5)));
    const still = await openAt(server.url, { more, options: offline });
    await expect(ask(still, ROWS)).rejects.toMatchObject({ code: 'MLD_ENDPOINT_ANSWER' });
    expect(server.requests.length).toBe(length);
  });

  it('of a model that is sure stays what is shown: a class at exactly 1 says nothing of which are hidden', async () => {
    const server = await serve(({ json }) => ({ body: json.inputs.map(() => [{ label: 'bee', score: 1 }]) }));
    const more = { protocol: 'hugging-face' } as const;
    const strict = await openAt(server.url, { more });
    await expect(ask(strict, records(2))).rejects.toMatchObject({ code: 'MLD_ENDPOINT_ANSWER' });
    const endpoint = await openAt(server.url, { more, options: { showsSome: true } });
    const [row] = await ask(endpoint, records(1));
    expect(row).toEqual([expect.closeTo(1e-12, 14), 1, expect.closeTo(1e-12, 14)]);
  });
});

describe('records as they are sent', () => {
  // Channel c, row h, column w of a picture is the number chw.
  const picture = Array.from(
    { length: 12 },
    (_, i) => 100 * Math.floor(i / 6) + 10 * (Math.floor(i / 3) % 2) + (i % 3),
  );
  it.each([
    [
      'nchw',
      [
        [
          [0, 1, 2],
          [10, 11, 12],
        ],
        [
          [100, 101, 102],
          [110, 111, 112],
        ],
      ],
      [1, 2, 2, 3],
    ],
    [
      'nhwc',
      [
        [
          [0, 100],
          [1, 101],
          [2, 102],
        ],
        [
          [10, 110],
          [11, 111],
          [12, 112],
        ],
      ],
      [1, 2, 3, 2],
    ],
    ['flat', picture, [1, 12]],
  ] as const)('%s', async (layout, expected, shape) => {
    const server = await serve(() => ({ body: [[0.5, 0.25, 0.25]] }));
    const request = { x: '{{inputs}}', flat: '{{flat}}', shape: '{{shape}}' };
    const endpoint = await openAt(server.url, {
      more: { layout, request },
      options: { recordShape: [2, 2, 3] },
    });
    await ask(endpoint, [picture]);
    const flat = (expected as readonly unknown[]).flat(3);
    expect(server.requests[0]?.json).toEqual({ x: [expected], flat, shape });
  });
});
