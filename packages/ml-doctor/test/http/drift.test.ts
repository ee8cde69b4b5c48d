/** Servers that answer the same question differently: another model since the last run, or noise on every answer. */
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { ask, openAt, records } from './asking.ts';
import { posteriorsOf, type Received, type Reply, serve } from './server.ts';

/** The model's answers, moved by so much from the second class to the first. */
const moved =
  (by: (record: number, request: number) => number) =>
  ({ json, before }: Received): Reply => ({
    body: json.inputs.map((x: number[], i: number) => {
      const [a = 0, b = 0, c = 0] = posteriorsOf(x);
      const step = by(i, before);
      return [a + step, b - step, c];
    }),
  });

describe('within a run', () => {
  it('answers that vary are noted, and the first ones kept', async () => {
    // Of five that are asked again, the third and the fifth differ.
    const server = await serve(moved((i, request) => (request === 1 && i % 2 === 0 ? 0.01 * i : 0)));
    const ledger = temporaryFolder();
    const endpoint = await openAt(server.url, { options: { ledger } });
    const first = await ask(endpoint, records(8));
    expect(endpoint.drift).toEqual({ asked: 5, differing: 2, largestDifference: expect.closeTo(0.04, 5) });
    expect(await ask(endpoint, records(8))).toEqual(first);
    await ask(endpoint, records(4, 8));
    expect([endpoint.sent, endpoint.drift.asked]).toEqual([17, 5]);
    const offline = await openAt(server.url, { options: { ledger, offline: true } });
    expect(offline.drift).toEqual(endpoint.drift);
  });

  it('is asked about with what the budget leaves only', async () => {
    const server = await serve(moved(() => 0));
    const endpoint = await openAt(server.url, { more: { budget: 10 } });
    await ask(endpoint, records(8));
    expect([endpoint.drift.asked, endpoint.left]).toEqual([2, 0]);
  });

  it('differences of arithmetic are none', async () => {
    const server = await serve(moved((_, request) => request * 2e-5));
    const endpoint = await openAt(server.url);
    await ask(endpoint, records(8));
    expect(endpoint.drift).toMatchObject({ differing: 0, largestDifference: expect.closeTo(2e-5, 6) });
  });
});

describe('between runs', () => {
  const secondRun = async (by: (record: number, request: number) => number, version?: string) => {
    const ledger = temporaryFolder();
    const server = await serve(moved(by));
    const more = { batch: 16, budget: 1000 };
    const first = await openAt(server.url, { more: { ...more, budget: 8 }, options: { ledger } });
    await ask(first, records(8));
    await first.close();
    expect(server.requests).toHaveLength(1);
    const second = await openAt(server.url, {
      more: version === undefined ? more : { ...more, version },
      options: { ledger },
    });
    return { server, second };
  };

  it('noise is none: asked once more, the same input gets yet another answer', async () => {
    const { server, second } = await secondRun((i, request) => (request > 0 && i === 1 ? 0.02 : 0));
    // What is in the ledger needs no query, and tells nothing.
    await ask(second, records(8));
    expect(server.requests).toHaveLength(1);
    const asking = ask(second, records(4, 8));
    // The second of three differs, and asked alone it is the first: as before.
    await expect(asking).resolves.toBeDefined();
    expect(second.drift).toMatchObject({ asked: 3, differing: 1 });
  });

  it('says so, and that `version` keeps them apart', async () => {
    const { server, second } = await secondRun((_, request) => (request > 0 ? 0.02 : 0));
    for (let i = 0; i < 2; i++)
      await expect(ask(second, records(12))).rejects.toMatchObject({
        code: 'MLD_ENDPOINT_ANSWER',
        message: expect.stringMatching(/3 of 3 inputs .* by up to 0\.020 .*has changed/),
        hint: expect.stringContaining('version'),
      });
    // Three, and the worst of them again; the second question needs no more to know.
    expect(server.requests.slice(1).map(({ json }) => json.inputs.length)).toEqual([3, 1]);
    expect(second.drift.asked).toBe(0);
  });

  it('with another version it is another target', async () => {
    const { second } = await secondRun((_, request) => (request > 0 ? 0.02 : 0), '2');
    await ask(second, records(12));
    expect(second.drift).toMatchObject({ asked: 5, differing: 0 });
  });

  it('the same model goes on', async () => {
    const { server, second } = await secondRun(() => 0);
    await ask(second, records(12));
    expect(server.requests.slice(1).map(({ json }) => json.inputs.length)).toEqual([3, 4]);
    expect(second.drift).toEqual({ asked: 3, differing: 0, largestDifference: 0 });
  });
});
