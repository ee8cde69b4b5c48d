// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as configurations hold them
/** Servers that are slow, flaky, busy, elsewhere, closed, or that answer nonsense. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { retryAfter } from '../../src/targets/http/retry-after.ts';
import { until } from '../study/temporary-folder.ts';
import { ask, closeTo, openAt, record, records, testClock } from './asking.ts';
import { posteriorsOf, type Received, type Reply, serve } from './server.ts';

const good = ({ json }: Received): Reply => ({ body: json.inputs.map(posteriorsOf) });
const EXPECTED = closeTo(records(4).map(posteriorsOf));
/** No budget for asking again. */
const exact = (budget: number) => ({ budget });

describe('retries', () => {
  it.each<[string, Reply]>([
    ['500', { status: 500, body: 'oops' }],
    ['502', { status: 502 }],
    ['429 without a time', { status: 429 }],
    ['a reset', 'reset'],
  ])('%s, twice', async (_, bad) => {
    const server = await serve((r) => (r.before < 2 ? bad : good(r)));
    const clock = testClock();
    const endpoint = await openAt(server.url, { more: exact(12), clock });
    expect(await ask(endpoint, records(4))).toEqual(EXPECTED);
    // Refused ones were sent too; each wait is longer, and never the full doubled time.
    expect(endpoint.sent).toBe(12);
    const [first = 0, second = 0] = clock.slept;
    expect([first >= 250 && first <= 500, second >= 500 && second <= 1000, clock.slept.length]).toEqual([
      true,
      true,
      2,
    ]);
  });

  it('no more than it may, and says what the last one was', async () => {
    const server = await serve(() => ({ status: 503, body: { error: 'warming up' } }));
    const endpoint = await openAt(server.url, { more: { retries: 3 } });
    await expect(ask(endpoint, records(2))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      transient: true,
      message: expect.stringMatching(/answered 503: \{"error":"warming up"\} \(4 attempts\)/),
    });
    expect([server.requests.length, endpoint.sent]).toEqual([4, 8]);
  });

  it.each([400, 404, 405, 409, 422])('not %i', async (status) => {
    const server = await serve(() => ({ status, body: 'wrong dtype' }));
    const endpoint = await openAt(server.url);
    await expect(ask(endpoint, records(2))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      message: expect.stringContaining(`${status}: wrong dtype`),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('a server that never answers', async () => {
    const server = await serve(() => 'hang');
    const endpoint = await openAt(server.url, { more: { timeoutSeconds: 0.05, retries: 1 } });
    await expect(ask(endpoint, records(2))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      message: expect.stringContaining('no answer within 0.05 s (2 attempts)'),
    });
    expect(endpoint.sent).toBe(4);
  });

  it('a server that is not there', async () => {
    const endpoint = await openAt('http://127.0.0.1:1/predict', { more: { retries: 1 } });
    await expect(ask(endpoint, records(1))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      message: expect.stringContaining('http://127.0.0.1:1/predict: nothing listens there'),
    });
  });
});

describe('a server that asks for patience', () => {
  const START = Date.UTC(2026, 0, 2, 3, 4, 5);
  it.each([
    ['seconds', 429, '17'],
    ['a date', 503, new Date(START + 17_000).toUTCString()],
  ])('in %s', async (_, status, header) => {
    const waits: string[] = [];
    const server = await serve((r) =>
      r.before === 0 ? { status, headers: { 'retry-after': header } } : good(r),
    );
    const clock = testClock(START);
    const endpoint = await openAt(server.url, { clock, options: { onWait: (what) => waits.push(what) } });
    expect(await ask(endpoint, records(4))).toEqual(EXPECTED);
    expect(clock.slept).toEqual([17_000]);
    expect(waits).toEqual([expect.stringContaining(`it answered ${status}; trying again in 17.0 s`)]);
  });

  it('for days: gives up', async () => {
    const server = await serve(() => ({ status: 429, headers: { 'retry-after': '90000' } }));
    const endpoint = await openAt(server.url);
    await expect(ask(endpoint, records(1))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      message: expect.stringContaining('90000 seconds'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('is left alone by requests beside the refused one', async () => {
    let now = 0;
    const sleepers: (() => void)[] = [];
    const clock = {
      now: () => now,
      sleep: (ms: number) =>
        new Promise<void>((resolve) => {
          const until = now + ms;
          sleepers.push(() => {
            now = Math.max(now, until);
            resolve();
          });
        }),
    };
    const server = await serve(async (r) => {
      if (r.before === 0) return { status: 429, headers: { 'retry-after': '60' } };
      if (r.before === 1) await until(() => sleepers.length > 0);
      return good(r);
    });
    const endpoint = await openAt(server.url, { more: { batch: 1, concurrency: 2, budget: 5 }, clock });
    const asking = ask(endpoint, records(4));
    await until(() => sleepers.length === 2 || server.requests.length > 2);
    expect(server.requests).toHaveLength(2);
    for (const wake of sleepers) wake();
    expect(await asking).toEqual(EXPECTED);
  });

  it('reads what the header may hold, and nothing else', () => {
    expect(retryAfter('120', 0)).toBe(120_000);
    expect(retryAfter('Fri, 31 Dec 1999 23:59:59 GMT', Date.UTC(1999, 11, 31, 23, 59))).toBe(59_000);
    expect(retryAfter('Fri, 31 Dec 1999 23:59:59 GMT', Date.UTC(2000, 0))).toBe(0);
    for (const odd of [undefined, '', 'soon', '-3', '12 monkeys']) expect(retryAfter(odd, 0)).toBeUndefined();
  });

  it('at so many requests a second', async () => {
    const server = await serve(good);
    const clock = testClock();
    const endpoint = await openAt(server.url, {
      more: { batch: 1, rate: 4, concurrency: 3, budget: 9 },
      clock,
    });
    await ask(endpoint, records(9));
    // Nine requests, 250 ms apart: the last begins after 2 s.
    expect(clock.now()).toBe(2000);
  });
});

describe('batches', () => {
  it.each([
    [413, ''],
    [400, 'batch size must be <= 3'],
  ])('are halved where the server says %i', async (status, body) => {
    const server = await serve((r) => (r.json.inputs.length > 3 ? { status, body } : good(r)));
    const endpoint = await openAt(server.url, { more: { batch: 16, budget: 16 + 8 + 4 + 16 } });
    expect(await ask(endpoint, records(16))).toEqual(closeTo(records(16).map(posteriorsOf)));
    expect(server.requests.map(({ json }) => json.inputs.length)).toEqual([16, 8, 4, ...Array(8).fill(2)]);
    expect(endpoint.left).toBe(0);
  });

  it('of one record that are too large are an error', async () => {
    const server = await serve(() => ({ status: 413 }));
    const endpoint = await openAt(server.url, { more: { batch: 2 } });
    await expect(ask(endpoint, records(2))).rejects.toMatchObject({ code: 'MLD_ENDPOINT' });
    expect(server.requests).toHaveLength(2);
  });

  it('are as many at once as may be, and no more', async () => {
    let [open, most] = [0, 0];
    const server = await serve(async (r) => {
      open += 1;
      most = Math.max(most, open);
      for (let i = 0; i < 20 && open < 3; i++) await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      return good(r);
    });
    const endpoint = await openAt(server.url, { more: { batch: 1, concurrency: 3, budget: 12 } });
    await Promise.all([ask(endpoint, records(6)), ask(endpoint, records(6, 6))]);
    expect(most).toBe(3);
  });
});

describe('redirects', () => {
  it('are followed on the same origin, once for all questions', async () => {
    const server = await serve((r) =>
      r.path === '/old' ? { status: 307, headers: { location: '/new/' } } : good(r),
    );
    const endpoint = await openAt(`${server.url}/old`, { more: { budget: 12, batch: 4 } });
    expect(await ask(endpoint, records(8))).toEqual(closeTo(records(8).map(posteriorsOf)));
    expect(server.requests.map(({ path, method }) => `${method} ${path}`)).toEqual([
      'POST /old',
      'POST /new/',
      'POST /new/',
    ]);
    expect(endpoint.sent).toBe(12);
  });

  it('never to another origin', async () => {
    const other = await serve(good);
    const server = await serve(() => ({ status: 308, headers: { location: `${other.url}/steal?x=1` } }));
    const endpoint = await openAt(server.url, {
      more: { headers: { authorization: 'Bearer ${T}' } },
      options: { env: { T: 'top-secret-token' } },
    });
    await expect(ask(endpoint, records(1))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      message: expect.stringContaining(`another origin, ${other.url}`),
    });
    expect(other.requests).toHaveLength(0);
  });

  it('not in circles', async () => {
    const server = await serve(() => ({ status: 302, headers: { location: '/again' } }));
    await expect(ask(await openAt(server.url), records(1))).rejects.toMatchObject({ code: 'MLD_ENDPOINT' });
    expect(server.requests).toHaveLength(4);
  });
});

describe('answers that cannot be used', () => {
  const P = [0.2, 0.3, 0.5];
  it.each<[string, unknown, RegExp, object?]>([
    ['HTML', '<!doctype html><title>Log in</title>', /HTML.*Log in/],
    ['nothing', '', /empty body/],
    ['half a document', '[[0.2, 0.3', /no JSON/],
    ['NaN', '[[NaN, 0.5, 0.5], [0.2, 0.3, 0.5]]', /NaN or Infinity/],
    ['Infinity', '[[0.1, 0.4, -Infinity], [0.2, 0.3, 0.5]]', /NaN or Infinity/],
    ['null', [[null, 0.5, 0.5], P], /record 1 of 2 has null/],
    ['texts', [P, ['0.2', 0.3, 0.5]], /record 2 of 2 has "0.2"/],
    ['too few rows', [P], /about 1 records where 2/],
    ['too many rows', [P, P, P], /about 3 records where 2/],
    [
      'too few classes',
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      /2 values for 3 classes/,
    ],
    ['too many flat numbers', [...P, ...P, 0.1], /7 numbers for 2 records of 3 classes/],
    ['below 0', [P, [-0.1, 0.6, 0.5]], /record 2 of 2 has a posterior of -0.1.*logits/],
    ['above 1', [P, [1.2, 0, 0]], /posterior of 1.2/],
    ['a sum beside 1', [P, [0.2, 0.3, 0.48]], /sum to 0.98/],
    ['all zero', [P, [0, 0, 0]], /sum to 0/],
    ['another object', { answer: [P, P] }, /"predictions".*an object with answer/],
    ['an error with status 200', { error: 'model not found' }, /an object with error/],
    ['an unknown name', [[{ label: 'dog', score: 1 }], P], /"dog", which is no class \(ant, bee, cat\)/],
    [
      'a class twice',
      [
        [
          { label: 'ant', score: 0.5 },
          { label: 'ant', score: 0.5 },
        ],
        P,
      ],
      /class twice/,
    ],
    ['depth', '['.repeat(5000) + ']'.repeat(5000), /nested more than 64/],
    ['logits as log probabilities', [[1, 2, 3], P], /above 0/, { answers: 'log-probabilities' }],
    ['a few logits', [[{ label: 'ant', score: 4 }], P], /shows 1 of 3 logits/, { answers: 'logits' }],
    ['posteriors for labels', [P, P], /labelled a list of 3/, { answers: 'label' }],
    ['a label out of range', [0, 3], /labelled 3/, { answers: 'label' }],
    ['a path to nowhere', { a: [{ b: 1 }] }, /nothing at a\[0\]\.c/, { response: 'a[0].c' }],
  ])('%s', async (_, body, message, more = {}) => {
    const server = await serve(() => ({ body }));
    const endpoint = await openAt(server.url, { more });
    await expect(ask(endpoint, records(2))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_ANSWER',
      message: expect.stringMatching(message),
    });
    expect(endpoint.sent).toBe(2);
  });

  it('rounded posteriors are scaled to sum 1', async () => {
    const server = await serve(() => ({ body: [[0.33, 0.33, 0.33]] }));
    expect(await ask(await openAt(server.url), [record(0)])).toEqual(closeTo([[1 / 3, 1 / 3, 1 / 3]]));
  });

  it.each<[string, Buffer, Record<string, string>]>([
    ['huge', Buffer.alloc(5 * 2 ** 20, ' '), {}],
    ['a bomb', gzipSync(Buffer.alloc(50 * 2 ** 20, ' ')), { 'content-encoding': 'gzip' }],
  ])('%s', async (_, body, headers) => {
    const server = await serve(() => ({ body, headers }));
    await expect(ask(await openAt(server.url), records(1))).rejects.toMatchObject({ code: 'MLD_LIMIT' });
  });

  it('compressed ones are read', async () => {
    const server = await serve((r) => ({
      body: gzipSync(JSON.stringify(r.json.inputs.map(posteriorsOf))),
      headers: { 'content-encoding': 'gzip' },
    }));
    expect(await ask(await openAt(server.url), records(4))).toEqual(EXPECTED);
  });
});

it('stops where it is asked to, and can go on', async () => {
  const stop = new AbortController();
  const server = await serve((r) => {
    if (r.before > 0) return good(r);
    stop.abort(new Error('enough'));
    return 'hang';
  });
  const endpoint = await openAt(server.url);
  await expect(ask(endpoint, records(4), stop.signal)).rejects.toThrow('enough');
  expect(endpoint.sent).toBe(4);
  expect(await ask(endpoint, records(4))).toEqual(EXPECTED);
});
