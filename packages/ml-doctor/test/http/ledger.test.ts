// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as configurations hold them
/** What is kept on disk: nothing is paid twice, nothing is spent beyond the budget, whoever is killed when. */
import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EndpointChoice } from '../../src/targets/http/endpoint.ts';
import { packRow, unpackRow } from '../../src/targets/http/ledger-lines.ts';
import { temporaryFolder, until } from '../study/temporary-folder.ts';
import { ask, choiceOf, closeTo, openAt, record, records } from './asking.ts';
import { inputsOf } from './rows.ts';
import { CLASSES, posteriorsOf, type Received, type Reply, serve } from './server.ts';

const good = ({ json }: Received): Reply => ({ body: json.inputs.map(posteriorsOf) });
const askedAbout = (requests: readonly Received[]): number[][] => requests.flatMap(({ json }) => json.inputs);
const expected = (count: number) => closeTo(records(count).map(posteriorsOf));
const fileOf = (ledger: string): string => join(ledger, 'queries.jsonl');

describe('a question', () => {
  it('sends equal inputs once, in one question and in several at once', async () => {
    const server = await serve(good);
    const endpoint = await openAt(server.url, { more: { budget: 6, batch: 2, concurrency: 2 } });
    const twice = [...records(4), ...records(4)];
    const [a, b] = await Promise.all([ask(endpoint, twice), ask(endpoint, [...records(6)].reverse())]);
    expect(a).toEqual(closeTo(twice.map(posteriorsOf)));
    expect(b).toEqual(closeTo([...records(6)].reverse().map(posteriorsOf)));
    expect([askedAbout(server.requests).length, endpoint.sent]).toEqual([6, 6]);
  });

  it('asks itself where the one who asked before gives up', async () => {
    const stop = new AbortController();
    const server = await serve((r) => (r.before === 0 ? 'hang' : good(r)));
    const endpoint = await openAt(server.url);
    const first = ask(endpoint, records(4), stop.signal);
    first.catch(() => undefined);
    await until(() => server.requests.length === 1);
    const second = ask(endpoint, records(4));
    stop.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect(await second).toEqual(expected(4));
  });

  it('takes 0 and -0 for the same input', async () => {
    const server = await serve(good);
    const endpoint = await openAt(server.url, { more: { budget: 1 } });
    const rows = [
      [0, 1, 2, 3],
      [-0, 1, 2, 3],
    ];
    expect(await ask(endpoint, rows)).toEqual(closeTo(rows.map(posteriorsOf)));
  });

  it('of nothing is answered with nothing', async () => {
    const endpoint = await openAt('http://127.0.0.1:1');
    expect(await endpoint.answers(inputsOf([]), new AbortController().signal)).toEqual({
      logits: new Float32Array(0),
      classes: 3,
    });
  });
});

describe('the budget', () => {
  it('refuses a question that is too large before anything is sent', async () => {
    const server = await serve(good);
    const endpoint = await openAt(server.url, { more: { budget: 10, batch: 2 } });
    await ask(endpoint, records(4));
    expect(endpoint.sent).toBe(8);
    await expect(ask(endpoint, records(6, 4))).rejects.toMatchObject({
      code: 'MLD_BUDGET',
      message: '6 more records to send where 8 of 10 are sent and 2 are left',
      hint: expect.stringContaining('14'),
    });
    expect(askedAbout(server.requests)).toHaveLength(8);
    // What is known is still answered.
    expect(await ask(endpoint, records(4))).toEqual(expected(4));
  });

  it('is never exceeded, however many ask at once and however flaky the server is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.constantFrom(200, 500, 413, 0), { maxLength: 30 }),
        async (budget, batch, concurrency, statuses) => {
          const server = await serve((r) => {
            const status = statuses[r.before] ?? 200;
            return status === 200 ? good(r) : status === 0 ? 'reset' : { status };
          });
          const endpoint = await openAt(server.url, { more: { budget, batch, concurrency } });
          const done = await Promise.allSettled([0, 1, 2].map((i) => ask(endpoint, records(8, 8 * i))));
          expect(askedAbout(server.requests).length).toBeLessThanOrEqual(budget);
          // A reset may come before the server has read anything.
          expect(endpoint.sent).toBeGreaterThanOrEqual(askedAbout(server.requests).length);
          expect([endpoint.sent <= budget, endpoint.left]).toEqual([true, budget - endpoint.sent]);
          for (const [i, result] of done.entries())
            if (result.status === 'fulfilled')
              expect(result.value).toEqual(closeTo(records(8, 8 * i).map(posteriorsOf)));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the ledger', () => {
  const filled = async (count: number, more: Partial<EndpointChoice> = {}) => {
    const server = await serve(good);
    const ledger = temporaryFolder();
    const endpoint = await openAt(server.url, { more: { budget: count, ...more }, options: { ledger } });
    const { logits } = await endpoint.answers(inputsOf(records(count)), new AbortController().signal);
    await endpoint.close();
    return { server, ledger, logits };
  };

  it('answers again to the last bit, without a server, a key or a query', async () => {
    const { server, ledger, logits } = await filled(9);
    const offline = await openAt(server.url, {
      more: { budget: 9, headers: { 'x-api-key': '${NOT_SET}' } },
      options: { ledger, offline: true },
    });
    const again = await offline.answers(inputsOf(records(9)), new AbortController().signal);
    expect(again.logits).toEqual(logits);
    await expect(ask(offline, records(12))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT',
      message: '3 of 12 inputs are not in the ledger, and nothing is sent offline',
    });
    expect([server.requests.length, offline.sent, offline.left]).toEqual([2, 9, 0]);
    expect(readdirSync(ledger)).toEqual(['queries.jsonl']);
  });

  it('offline, of a folder that is not there, makes none', async () => {
    const ledger = join(temporaryFolder(), 'none');
    const endpoint = await openAt('http://127.0.0.1:1', { options: { ledger, offline: true } });
    await expect(ask(endpoint, records(2))).rejects.toMatchObject({ code: 'MLD_ENDPOINT' });
    expect(() => readdirSync(ledger)).toThrow('ENOENT');
  });

  it.each<[string, Partial<EndpointChoice>]>([
    ['version', { version: '2' }],
    ['layout', { layout: 'flat' }],
    ['request', { request: { inputs: '{{inputs}}', more: 1 } }],
    ['answers', { answers: 'logits' }],
    ['a header that chooses the model', { headers: { 'x-model': 'b' } }],
  ])('keeps targets apart by %s', async (_, more) => {
    const { server, ledger } = await filled(3);
    const other = await openAt(server.url, { more: { budget: 6, ...more }, options: { ledger } });
    expect(other.sent).toBe(3);
    await ask(other, records(3));
    expect(other.sent).toBe(6);
  });

  it('holds targets of other numbers of classes too', async () => {
    const { server, ledger } = await filled(3);
    const endpoint = await openAt(server.url, { options: { ledger, classes: ['a', 'b'] } });
    expect(endpoint.sent).toBe(3);
  });

  it.each<[string, Partial<EndpointChoice>]>([
    ['batch and pace', { batch: 2, concurrency: 2, rate: 100, retries: 0, timeoutSeconds: 1 }],
    ['a key', { headers: { authorization: 'Bearer abc' } }],
  ])('does not by %s', async (_, more) => {
    const { server, ledger } = await filled(3);
    const same = await openAt(server.url, { more, options: { ledger } });
    expect(await ask(same, records(3))).toEqual(expected(3));
    expect(same.sent).toBe(3);
  });

  it('drops a line that was cut short anywhere, and goes on', async () => {
    const { server, ledger } = await filled(3);
    const whole = readFileSync(fileOf(ledger));
    const last = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (let cut = last; cut < whole.length; cut += 23) {
      writeFileSync(fileOf(ledger), whole.subarray(0, cut));
      const endpoint = await openAt(server.url, { more: { budget: 4 }, options: { ledger } });
      expect(await ask(endpoint, records(3))).toEqual(expected(3));
      expect(endpoint.sent).toBe(4);
      await endpoint.close();
      const { sent } = await openAt(server.url, { options: { ledger, offline: true } });
      expect(sent).toBe(4);
    }
  });

  it('refuses one that is damaged before its end', async () => {
    const { server, ledger } = await filled(3);
    const whole = readFileSync(fileOf(ledger));
    const lines = whole.toString().split('\n').length - 1;
    for (let i = 4; i < whole.length; i += 37) {
      const bytes = Buffer.from(whole);
      bytes[i] = (bytes[i] as number) ^ 1;
      writeFileSync(fileOf(ledger), bytes);
      // The very last byte: then it is a line cut short.
      if (i === whole.length - 1) continue;
      await expect(openAt(server.url, { options: { ledger } })).rejects.toMatchObject({
        code: 'MLD_STORE_CORRUPT',
      });
    }
    writeFileSync(fileOf(ledger), `${whole.toString().split('\n').slice(1).join('\n')}`);
    await expect(openAt(server.url, { options: { ledger } })).rejects.toMatchObject({
      code: 'MLD_STORE_CORRUPT',
    });
    expect(lines).toBe(5);
    // Nobody holds it after a failure.
    writeFileSync(fileOf(ledger), whole);
    appendFileSync(fileOf(ledger), '');
    await openAt(server.url, { options: { ledger } });
  });

  it('belongs to one at a time', async () => {
    const ledger = temporaryFolder();
    const first = await openAt('http://127.0.0.1:1', { options: { ledger } });
    await expect(openAt('http://127.0.0.1:1', { options: { ledger } })).rejects.toMatchObject({
      code: 'MLD_STORE_BUSY',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await first.close();
    await openAt('http://127.0.0.1:1', { options: { ledger } });
  });

  it('holds float32 rows as they are', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, maxLength: 20 }), (row) => {
        expect(unpackRow(packRow(row))).toEqual(row);
      }),
    );
  });
});

describe('a killed run', () => {
  it('leaves what it paid for, and counts what it lost', async () => {
    // Every second batch is never answered: the child is killed while it waits for it.
    let killed = false;
    const server = await serve((r) => {
      if (killed || r.before < 3) return good(r);
      return 'hang';
    });
    const ledger = temporaryFolder();
    const choice = choiceOf(server.url, { batch: 2, budget: 60 });
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=source', join(import.meta.dirname, 'asker.ts')],
      {
        env: {
          ...process.env,
          ASK: JSON.stringify({
            choice,
            ledger,
            classes: CLASSES,
            rows: Array.from({ length: 20 }, (_, i) => record(i)),
          }),
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    await until(() => server.requests.length === 4);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    killed = true;
    const before = server.requests.length;
    expect(askedAbout(server.requests)).toEqual(records(8).map((row) => row.map(Math.fround)));

    const endpoint = await openAt(server.url, { more: { batch: 2, budget: 60 }, options: { ledger } });
    expect(endpoint.sent).toBe(8);
    expect(await ask(endpoint, records(20))).toEqual(expected(20));
    const after = askedAbout(server.requests.slice(before));
    // Three answers of the killed run are checked; then everything without an answer, and nothing else.
    const fround = (rows: number[][]) => rows.map((row) => row.map(Math.fround));
    expect(after).toEqual(fround([...records(3), ...records(14, 6)]));
    expect([endpoint.sent, endpoint.drift]).toEqual([25, { asked: 3, differing: 0, largestDifference: 0 }]);
  });
});
