import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type JsonServiceOptions, startJsonService } from '../../../test/service/json-service.ts';
import { ledgerFolder } from '../../../test/service/ledger-folder.ts';
import type { Received } from '../../../test/service/loopback.ts';
import { jsonChoice, twoClouds } from '../../../test/service/small-training.ts';
import { openService, type ServiceChoice, type TrainingData } from './service.ts';

const never = new AbortController().signal;

const serving = async (options: JsonServiceOptions = {}) => {
  const server = await startJsonService(options);
  onTestFinished(() => server.close());
  return server;
};

const opened = async (choice: ServiceChoice, ledger: string, env: Record<string, string> = {}) =>
  openService(choice, { env, ledger });

const isStart = ({ method, path }: Received) => method === 'POST' && path === '/trainings';

describe('a training service', () => {
  it('has models trained and says where they answer', async () => {
    const server = await serving({ learns: true });
    const data = twoClouds();
    const service = await opened(jsonChoice(server.url), await ledgerFolder());
    const { job, url } = await service.train(data, 'shadow 0', never);
    expect(url).toBe(`${server.url}/models/${job}`);
    const rows = Array.from(data.labels, (_, i) => [...data.values.subarray(2 * i, 2 * i + 2)]);
    const reply = await fetch(url, { method: 'POST', body: JSON.stringify({ inputs: rows }) });
    const { outputs } = (await reply.json()) as { outputs: [number, number][] };
    const right = outputs.filter(([low], i) => low > 0.5 === (data.labels[i] === 0));
    expect(right.length).toBeGreaterThan(55);
    // It stopped by records that it held back, which nobody told it to.
    const model = server.models.get(job)!;
    expect(model.heldBack).toHaveLength(16);
    expect(model.epochs).toBeLessThan(200);
  });

  it('sends each number as it is, in the request and before it', async () => {
    const server = await serving();
    const data: TrainingData = {
      recordShape: [1, 2, 2],
      values: Float32Array.from({ length: 40 }, (_, i) => (i % 2 ? -1 : 1) / (i + 3)),
      labels: Int32Array.from({ length: 10 }, (_, i) => i % 3),
      classes: ['a', 'b', 'c'],
    };
    const expected = Array.from({ length: 10 }, (_, i) => [...data.values.subarray(4 * i, 4 * i + 4)]);
    for (const way of ['inline', 'upload']) {
      const choice = jsonChoice(server.url, { settings: { data: way } });
      await (await opened(choice, await ledgerFolder())).train(data, 'x', never);
    }
    const [inline, upload] = [...server.trainings.values()];
    expect(inline?.records).toEqual(expected);
    expect(upload?.records).toEqual(expected);
    const bodies = server.received.filter(isStart).map(({ body }) => JSON.parse(String(body)));
    expect(bodies[0].records[1]).toEqual([[expected[1]!.slice(0, 2), expected[1]!.slice(2)]]);
    expect(bodies[0]).toMatchObject({ recordShape: [1, 2, 2], classes: ['a', 'b', 'c'] });
    expect(bodies[1]).not.toHaveProperty('records');
    expect(bodies[1].labels).toEqual([...data.labels]);
  });

  it('pays for the same training once, in later runs too', async () => {
    const server = await serving();
    const ledger = await ledgerFolder();
    const service = await opened(jsonChoice(server.url), ledger);
    const both = await Promise.all([
      service.train(twoClouds(), 'shadow 0', never),
      service.train(twoClouds(), 'shadow 0', never),
    ]);
    expect(both[0]).toEqual(both[1]);
    const asked = server.received.length;
    const later = await opened(jsonChoice(server.url), ledger);
    expect(await later.train(twoClouds(), 'shadow 0', never)).toEqual(both[0]);
    expect(server.received).toHaveLength(asked);
    expect(server.trainings.size).toBe(1);
    // Other data, another name, other classes: another training.
    await later.train(twoClouds(80, 2), 'shadow 0', never);
    await later.train(twoClouds(), 'shadow 1', never);
    expect(server.trainings.size).toBe(3);
  });

  it('trains no more models than allowed, however often it is opened', async () => {
    const server = await serving();
    const ledger = await ledgerFolder();
    for (const name of ['a', 'b'])
      await (await opened(jsonChoice(server.url, { trainings: 2 }), ledger)).train(twoClouds(), name, never);
    const service = await opened(jsonChoice(server.url, { trainings: 2 }), ledger);
    await expect(service.train(twoClouds(), 'c', never)).rejects.toMatchObject({
      code: 'MLD_BUDGET',
      message: '"c" would be training 3 at the service; 2 are allowed and all are used',
    });
    expect(server.trainings.size).toBe(2);
    await expect(service.train(twoClouds(), 'a', never)).resolves.toMatchObject({ job: 'job-1' });
    const more = await opened(jsonChoice(server.url, { trainings: 3 }), ledger);
    await expect(more.train(twoClouds(), 'c', never)).resolves.toMatchObject({ job: 'job-3' });
  });

  it('shares the allowance among processes that ask at once', async () => {
    const server = await serving();
    const ledger = await ledgerFolder();
    const choice = jsonChoice(server.url, { trainings: 2 });
    const asked = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map(async (name) =>
        (await opened(choice, ledger)).train(twoClouds(), name, never),
      ),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(server.trainings.size).toBe(2);
  });

  it('waits on after it was killed', async () => {
    const looked = moment();
    let done = false;
    const server = await serving({
      instead: ({ method }, count) => {
        // Not before the third look, and never done while the first process lives.
        if (method === 'GET' && count > 3) looked.resolve();
        return method === 'GET' && !done ? { body: { state: 'running' } } : undefined;
      },
    });
    const ledger = await ledgerFolder();
    const program = fileURLToPath(new URL('../../../test/service/training-process.ts', import.meta.url));
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      '--conditions=source',
      program,
      server.url,
      ledger,
    ]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await looked.promise;
    child.kill('SIGKILL');
    await once(child, 'exit');
    done = true;
    const service = await opened(jsonChoice(server.url, { trainings: 1 }), ledger);
    expect(await service.train(twoClouds(), 'shadow 0', never)).toMatchObject({ job: 'job-1' });
    expect(server.received.filter(isStart)).toHaveLength(1);
  });

  it('finds a training again of whose start it never heard', async () => {
    const server = await serving({ losesReply: true });
    const ledger = await ledgerFolder();
    const choice = jsonChoice(server.url, { trainings: 1 });
    await expect((await opened(choice, ledger)).train(twoClouds(), 'x', never)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      transient: true,
    });
    expect(await (await opened(choice, ledger)).train(twoClouds(), 'x', never)).toMatchObject({
      job: 'job-1',
    });
    expect(server.trainings.size).toBe(1);
  });

  it('does not count what the service refused to start', async () => {
    let refuses = true;
    const server = await serving({
      instead: (request) =>
        isStart(request) && refuses ? { status: 422, text: 'classes: too few' } : undefined,
    });
    const service = await opened(jsonChoice(server.url, { trainings: 1 }), await ledgerFolder());
    await expect(service.train(twoClouds(), 'x', never)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      transient: false,
      message: `POST ${server.url}/trainings was refused with status 422: classes: too few`,
    });
    refuses = false;
    await expect(service.train(twoClouds(), 'y', never)).resolves.toMatchObject({ job: 'job-1' });
  });

  it('says why a job failed, and counts it', async () => {
    const server = await serving({ fails: 'column 2 is\nconstant' });
    const service = await opened(jsonChoice(server.url, { trainings: 2 }), await ledgerFolder());
    for (const job of ['job-1', 'job-2'])
      await expect(service.train(twoClouds(), 'shadow 0', never)).rejects.toMatchObject({
        code: 'MLD_SERVICE',
        message: `the service could not train "shadow 0" (job ${job}): column 2 is constant`,
      });
    await expect(service.train(twoClouds(), 'shadow 0', never)).rejects.toMatchObject({ code: 'MLD_BUDGET' });
  });

  it('gives up after its time, and waits for the same job in the next run', async () => {
    let slow = true;
    const server = await serving({
      instead: ({ method }) => (method === 'GET' && slow ? { body: { state: 'queued' } } : undefined),
    });
    const ledger = await ledgerFolder();
    const impatient = jsonChoice(server.url, { timeoutMinutes: 0.0005 });
    await expect((await opened(impatient, ledger)).train(twoClouds(), 'x', never)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      message: 'the service has not finished "x" (job job-1) after 0.0005 minutes of waiting',
    });
    slow = false;
    await expect((await opened(impatient, ledger)).train(twoClouds(), 'x', never)).resolves.toMatchObject({
      job: 'job-1',
    });
  });

  it('bears a few looks that fail, and not for ever', async () => {
    let failures = 4;
    const server = await serving({
      instead: ({ method }) => {
        if (method !== 'GET' || failures-- <= 0) return undefined;
        return failures % 2 ? 'drop' : { status: 503, text: 'busy' };
      },
    });
    const service = await opened(jsonChoice(server.url), await ledgerFolder());
    await expect(service.train(twoClouds(), 'x', never)).resolves.toMatchObject({ job: 'job-1' });
    failures = 1000;
    await expect(service.train(twoClouds(), 'y', never)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      transient: true,
    });
    expect(failures).toBe(995);
  });

  it('stops when it is aborted, wherever it is', async () => {
    for (const at of ['POST', 'GET']) {
      const abort = new AbortController();
      const reason = new Error('enough');
      const server = await serving({
        instead: ({ method }) => {
          if (method !== at) return undefined;
          setTimeout(() => abort.abort(reason), 5);
          return 'hang';
        },
      });
      const service = await opened(jsonChoice(server.url), await ledgerFolder());
      await expect(service.train(twoClouds(), 'x', abort.signal)).rejects.toBe(reason);
    }
  });

  it('stops while it waits between two looks', async () => {
    const abort = new AbortController();
    const server = await serving({ queued: 1000 });
    const service = await opened(jsonChoice(server.url, { pollSeconds: 600 }), await ledgerFolder());
    const training = service.train(twoClouds(), 'x', abort.signal);
    const outcome = expect(training).rejects.toMatchObject({ name: 'AbortError' });
    while (server.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    abort.abort();
    await outcome;
  });

  it.each([
    ['{"name": 1}', 'was answered without an "id": {"name":1}'],
    ['[1]', 'was answered with something else than a JSON object: [1]'],
    ['<html>', 'was answered with something else than a JSON object: <html>'],
  ])('says what is wrong with %s in reply to a start', async (text, message) => {
    const server = await serving({ instead: () => ({ text }) });
    const service = await opened(jsonChoice(server.url), await ledgerFolder());
    await expect(service.train(twoClouds(), 'x', never)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [{ state: 'finished' }, 'says state "finished", none of'],
    [{}, 'says state undefined'],
    [{ state: 'done' }, 'says "done" without an "endpoint"'],
    [{ state: 'done', endpoint: 'ftp://host/model' }, 'at "ftp://host/model", which is no http address'],
  ])('says what is wrong with the state %o', async (body, message) => {
    const server = await serving({ instead: ({ method }) => (method === 'GET' ? { body } : undefined) });
    const service = await opened(jsonChoice(server.url), await ledgerFolder());
    await expect(service.train(twoClouds(), 'x', never)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      message: expect.stringContaining(message),
    });
  });

  it('follows no redirect', async () => {
    const other = await serving();
    const server = await serving({
      instead: () => ({ status: 307, headers: { location: `${other.url}/trainings` } }),
    });
    const service = await opened(jsonChoice(server.url), await ledgerFolder());
    await expect(service.train(twoClouds(), 'x', never)).rejects.toMatchObject({ code: 'MLD_SERVICE' });
    expect(other.received).toEqual([]);
  });

  it('refuses settings that it does not know', async () => {
    const choice = jsonChoice('http://127.0.0.1:1', { settings: { dta: 'upload' } });
    await expect(opened(choice, 'unused')).rejects.toMatchObject({
      code: 'MLD_CONFIG',
      hint: 'Known are data.',
    });
    const odd = jsonChoice('http://127.0.0.1:1', { settings: { data: 'carrier pigeon' } });
    await expect(opened(odd, 'unused')).rejects.toMatchObject({ code: 'MLD_CONFIG' });
  });

  it('names the entry of the ledger that is damaged', async () => {
    const server = await serving();
    const ledger = await ledgerFolder();
    await (await opened(jsonChoice(server.url), ledger)).train(twoClouds(), 'x', never);
    const [file = ''] = await readdir(ledger);
    await writeFile(join(ledger, file), '{"key": "half');
    await expect(
      (await opened(jsonChoice(server.url), ledger)).train(twoClouds(), 'x', never),
    ).rejects.toMatchObject({
      code: 'MLD_STORE_CORRUPT',
      message: expect.stringContaining(file),
    });
  });
});

describe('secrets of a training service', () => {
  const SECRET = 's3cr3t-token';
  const NAMED = `\${${'TOKEN'}}`;
  const choiceAt = (url: string, more: Partial<ServiceChoice> = {}) =>
    jsonChoice(url, { headers: { Authorization: `Bearer ${NAMED}` }, ...more });

  it('reach the service, and no file', async () => {
    // Even a service that repeats them.
    const server = await serving({ token: SECRET, fails: `you sent ${SECRET}` });
    const ledger = await ledgerFolder();
    const service = await opened(choiceAt(server.url), ledger, { TOKEN: `${SECRET}\n` });
    const error = await service.train(twoClouds(), 'x', never).catch((thrown: Error) => thrown);
    expect(String((error as Error).message)).toContain(`you sent ${NAMED}`);
    const files = await readdir(ledger);
    expect(files).toHaveLength(1);
    for (const file of files) expect(await readFile(join(ledger, file), 'utf8')).not.toContain(SECRET);
  });

  it('are asked for by name', async () => {
    await expect(opened(choiceAt('http://127.0.0.1:1'), 'unused')).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_AUTH',
      message: expect.stringContaining('TOKEN is not set'),
    });
  });

  it('are not shown when the service refuses them', async () => {
    const server = await serving({
      instead: ({ headers }) => ({ status: 403, text: `${headers.authorization} may not` }),
    });
    const service = await opened(choiceAt(server.url), await ledgerFolder(), { TOKEN: SECRET });
    await expect(service.train(twoClouds(), 'x', never)).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_AUTH',
      message: expect.stringContaining(`Bearer ${NAMED} may not`),
    });
  });

  it('are not sent to a host that only the service names', async () => {
    const elsewhere = 'http://elsewhere.example/model';
    const server = await serving({
      instead: ({ method }) =>
        method === 'GET' ? { body: { state: 'done', endpoint: elsewhere } } : undefined,
    });
    const { endpoint } = jsonChoice(server.url);
    const withSecret = { ...endpoint, headers: { 'X-Key': NAMED } };
    const ledger = await ledgerFolder();
    const train = async (asked: ServiceChoice['endpoint']) =>
      (await opened(jsonChoice(server.url, { endpoint: asked }), ledger)).train(twoClouds(), 'x', never);
    await expect(train(withSecret)).rejects.toMatchObject({
      code: 'MLD_SERVICE',
      message: expect.stringContaining('http://elsewhere.example, another host'),
    });
    expect((await train({ ...withSecret, url: '{{endpoint}}?v=1' })).url).toBe(`${elsewhere}?v=1`);
    expect((await train(endpoint)).url).toBe(elsewhere);
  });
});

/** Something that happens once. */
const moment = () => {
  let resolve = () => {};
  const promise = new Promise<void>((happened) => {
    resolve = happened;
  });
  return { promise, resolve };
};
