import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../errors.ts';
import { type AnswerFunction, type FunctionTargetOptions, functionTarget } from './function-target.ts';

const never = new AbortController().signal;
const options: FunctionTargetOptions = { recordShape: [2], classes: ['cat', 'dog', 'cow'] };

const ask = (answer: AnswerFunction, more: Partial<FunctionTargetOptions> = {}, rows = 2, signal = never) =>
  functionTarget(answer, { ...options, ...more }).answers(
    { values: Float32Array.from({ length: 2 * rows }, (_, i) => i), rows },
    signal,
  );

const says =
  (given: unknown): AnswerFunction =>
  () =>
    given as number[][];

describe('a function as a target', () => {
  it('is not believed where it calls probabilities logits', async () => {
    const probabilities = says(
      Array.from({ length: 6 }, (_, i) => [0.1 * i, 0.5 - 0.05 * i, 0.5 - 0.05 * i]),
    );
    await expect(ask(probabilities, { answers: 'logits' }, 6)).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_ANSWER',
      message: expect.stringContaining('probabilities, where logits are expected'),
    });
    // Of a few rows it may be chance, and other numbers are logits.
    await expect(ask(says([[0.2, 0.3, 0.5]]), { answers: 'logits' }, 1)).resolves.toBeDefined();
    const logits = says(Array.from({ length: 6 }, () => [0.2, 0.3, 0.6]));
    await expect(ask(logits, { answers: 'logits' }, 6)).resolves.toBeDefined();
  });

  it('is asked about each record once, in order, and in its shape', async () => {
    const seen: { records: number[][]; shape: readonly number[]; values: number[] }[] = [];
    const answer: AnswerFunction = (records, { shape, values }) => {
      seen.push({ records: records.map((record) => [...record]), shape, values: [...values] });
      return records.map(([first = 0]) => [
        first === 4 ? 1 : 0,
        first === 4 ? 0 : 0.5,
        first === 4 ? 0 : 0.5,
      ]);
    };
    const { logits, classes } = await ask(answer, { recordShape: [1, 2, 1], batch: 2 }, 3);
    expect(seen).toEqual([
      {
        records: [
          [0, 1],
          [2, 3],
        ],
        shape: [2, 1, 2, 1],
        values: [0, 1, 2, 3],
      },
      { records: [[4, 5]], shape: [1, 1, 2, 1], values: [4, 5] },
    ]);
    expect(classes).toBe(3);
    const half = Math.fround(Math.log(0.5));
    expect([...logits]).toEqual([-Infinity, half, half, -Infinity, half, half, 0, -Infinity, -Infinity]);
  });

  it('takes nested arrays, typed arrays and one flat typed array alike', async () => {
    const rows = [
      [0.25, 0.5, 0.25],
      [0.125, 0.125, 0.75],
    ];
    const [first, ...others] = await Promise.all(
      [
        rows,
        rows.map((row) => Float32Array.from(row)),
        Float32Array.from(rows.flat()),
        Float64Array.from(rows.flat()),
      ].map(async (given) => (await ask(says(given))).logits),
    );
    expect([...first!]).toEqual(rows.flat().map((p) => Math.fround(Math.log(p))));
    for (const other of others) expect(other).toEqual(first);
  });

  it('makes log posteriors of logits', async () => {
    const logit = fc.double({ min: -50, max: 50, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.tuple(logit, logit, logit), async (row) => {
        const { logits } = await ask(says([row]), { answers: 'logits' }, 1);
        const sum = row.reduce((a, z) => a + Math.exp(z), 0);
        for (const [j, z] of row.entries()) expect(logits[j]).toBeCloseTo(z - Math.log(sum), 4);
      }),
    );
    // Whole where exp would not be.
    const { logits } = await ask(says([[1000, 1000, -Infinity]]), { answers: 'logits' }, 1);
    expect([...logits]).toEqual([Math.fround(-Math.LN2), Math.fround(-Math.LN2), -Infinity]);
  });

  it('takes labels by name and by index', async () => {
    const { logits } = await ask(says(['cow', 1]), { answers: 'label' });
    expect([...logits]).toEqual([-Infinity, -Infinity, 0, -Infinity, 0, -Infinity]);
    const typed = await ask(says(Int32Array.of(2, 1)), { answers: 'label' });
    expect(typed.logits).toEqual(logits);
    // Names come before places.
    const named = await ask(says(['2', '0']), { answers: 'label', classes: ['2', '1', '0'] });
    expect([...named.logits]).toEqual([0, -Infinity, -Infinity, -Infinity, -Infinity, 0]);
  });

  it('scales what printing rounded', async () => {
    const { logits } = await ask(says([[0.333, 0.333, 0.333]]), {}, 1);
    for (const z of logits) expect(z).toBeCloseTo(-Math.log(3), 6);
  });

  it.each([
    ['gave 1 answer for 2 records', [[0.5, 0.5, 0]], {}],
    ['gave undefined for 2 records', undefined, {}],
    ['gave an object (Object) for 2 records', { probabilities: [] }, {}],
    [
      'record 2 of 2 has 2 numbers for 3 classes',
      [
        [0.5, 0.5, 0],
        [0.5, 0.5],
      ],
      {},
    ],
    [
      'record 1 of 2 has NaN among its numbers',
      [
        [Number.NaN, 0.5, 0.5],
        [0, 0, 1],
      ],
      {},
    ],
    [
      'record 1 of 2 has "0.5" among its numbers',
      [
        ['0.5', 0.5, 0],
        [0, 0, 1],
      ],
      {},
    ],
    [
      'record 2 of 2 has a posterior of -1 (are these logits?',
      [
        [0, 0, 1],
        [-1, 3, -1],
      ],
      {},
    ],
    [
      'record 1 of 2 has posteriors that sum to 1.500',
      [
        [0.5, 0.5, 0.5],
        [0, 0, 1],
      ],
      {},
    ],
    [
      'record 1 of 2 has posteriors that sum to 0.000',
      [
        [0, 0, 0],
        [0, 0, 1],
      ],
      {},
    ],
    [
      'record 1 of 2 has Infinity among its numbers',
      [
        [1, Infinity, 0],
        [0, 0, 1],
      ],
      { answers: 'logits' },
    ],
    [
      'record 2 of 2 has no finite logit',
      [
        [1, 0, 0],
        [-Infinity, -Infinity, -Infinity],
      ],
      { answers: 'logits' },
    ],
    ['record 1 of 2 has 7 where 3 numbers were expected', [7, 7], {}],
    ['record 1 of 2 is labelled "pig"', ['pig', 'cat'], { answers: 'label' }],
    ['record 2 of 2 is labelled 3', [0, 3], { answers: 'label' }],
    ['record 1 of 2 is labelled 0.5', [0.5, 1], { answers: 'label' }],
  ] as const)('says when it %s', async (message, given, more) => {
    const asking = ask(says(given), more as Partial<FunctionTargetOptions>);
    await expect(asking).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_ANSWER',
      message: expect.stringContaining(message),
    });
  });

  it('wraps what the function throws, and leaves errors for users alone', async () => {
    const cause = new RangeError('out of memory');
    await expect(
      ask(() => {
        throw cause;
      }),
    ).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      message: expect.stringContaining('out of memory'),
      cause,
    });
    const own = new AuditError('MLD_BUDGET', 'spent', 'Wait.');
    await expect(ask(() => Promise.reject(own))).rejects.toBe(own);
  });

  it('calls so many at once and no more, over several questions too', async () => {
    let running = 0;
    let most = 0;
    const target = functionTarget(
      async (records) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        return records.map(() => [1, 0, 0]);
      },
      { ...options, batch: 1, concurrency: 3 },
    );
    const question = { values: new Float32Array(10), rows: 5 };
    await Promise.all([target.answers(question, never), target.answers(question, never)]);
    expect(most).toBe(3);
  });

  it('stops when it is aborted, even if the function never ends', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    let calls = 0;
    let told: AbortSignal | undefined;
    const asking = ask(
      (_, { signal }) => {
        calls += 1;
        told = signal;
        return new Promise(() => {});
      },
      { batch: 1 },
      4,
      abort.signal,
    );
    abort.abort(reason);
    await expect(asking).rejects.toBe(reason);
    expect(calls).toBe(1);
    expect(told?.aborted).toBe(true);
  });

  it('makes no more calls after one that failed', async () => {
    let calls = 0;
    const failing: AnswerFunction = async () => {
      calls += 1;
      throw new Error('no');
    };
    await expect(ask(failing, { batch: 1 }, 5)).rejects.toMatchObject({ code: 'MLD_ENDPOINT' });
    expect(calls).toBe(1);
  });

  it('hands out copies', async () => {
    const values = Float32Array.of(1, 2);
    const target = functionTarget((records) => {
      records[0]!.fill(9);
      return [[1, 0, 0]];
    }, options);
    await target.answers({ values, rows: 1 }, never);
    expect([...values]).toEqual([1, 2]);
  });

  it.each([{ batch: 0 }, { concurrency: 1.5 }, { classes: [] }, { recordShape: [0] }])(
    'refuses %o',
    (wrong) => {
      expect(() => functionTarget(says([]), { ...options, ...wrong })).toThrow(
        expect.objectContaining({ code: 'MLD_USAGE' }),
      );
    },
  );
});
