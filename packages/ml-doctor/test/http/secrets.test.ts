// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as configurations hold them
/** Keys come from the environment and go to the server: not into any file, message or error, whatever the server says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { EndpointChoice } from '../../src/targets/http/endpoint.ts';
import { temporaryFolder } from '../study/temporary-folder.ts';
import { ask, openAt, record, records } from './asking.ts';
import { posteriorsOf, type Received, type Reply, serve } from './server.ts';

const KEY = 'sk-live/7Qz+"x9=Ab_mnopqrs';
const USER = 'auditor-account';
const env = {
  MODEL_KEY: `${KEY}\n`,
  MODEL_USER: USER,
  MODEL_BASIC: Buffer.from(`${USER}:hunter2hunter2`).toString('base64'),
};

/** Everything that shows of an error, its causes and its stack. */
const shown = (error: unknown): string =>
  inspect(error, { depth: 9, showHidden: true }) + String((error as Error).stack);

const traces = (text: string): string[] => {
  const forms = [
    KEY,
    encodeURIComponent(KEY),
    JSON.stringify(KEY).slice(1, -1),
    Buffer.from(KEY).toString('base64'),
  ];
  return [...forms, USER, 'hunter2hunter2', KEY.slice(0, 12), KEY.slice(-9), env.MODEL_BASIC].filter((form) =>
    text.includes(form),
  );
};

const echo = ({ headers, path }: Received): string =>
  `${headers.authorization} ${headers['x-api-key']} ${path} ${decodeURIComponent(path)} ${KEY.slice(0, 12)}…${KEY.slice(-9)} ` +
  `${JSON.stringify(headers)} ${Buffer.from(KEY).toString('base64')} ${USER}:hunter2hunter2`;

const choice: Partial<EndpointChoice> = {
  headers: { Authorization: 'Basic ${MODEL_BASIC}', 'X-Api-Key': '${MODEL_KEY}' },
  retries: 1,
};

const CASES: readonly [string, (r: Received) => Reply, string][] = [
  ['401', (r) => ({ status: 401, body: echo(r) }), 'MLD_ENDPOINT_AUTH'],
  ['400', (r) => ({ status: 400, body: echo(r) }), 'MLD_ENDPOINT'],
  ['404 with much before it', (r) => ({ status: 404, body: 'x'.repeat(150) + echo(r) }), 'MLD_ENDPOINT'],
  ['500', (r) => ({ status: 500, body: echo(r) }), 'MLD_ENDPOINT'],
  ['a page', (r) => ({ body: `<html>${echo(r)}` }), 'MLD_ENDPOINT_ANSWER'],
  ['no JSON', (r) => ({ body: `oops ${echo(r)}` }), 'MLD_ENDPOINT_ANSWER'],
  ['NaN after it', (r) => ({ body: `{"k": ${JSON.stringify(echo(r))}, "p": [NaN]}` }), 'MLD_ENDPOINT_ANSWER'],
  ['keys of an object', (r) => ({ body: { [echo(r)]: 1 } }), 'MLD_ENDPOINT_ANSWER'],
  ['a label', (r) => ({ body: [[{ label: echo(r), score: 1 }]] }), 'MLD_ENDPOINT_ANSWER'],
  [
    'a redirect',
    (r) => ({ status: 307, headers: { location: `http://localhost:1/?${encodeURIComponent(echo(r))}` } }),
    'MLD_ENDPOINT',
  ],
  ['a reset', () => 'reset', 'MLD_ENDPOINT'],
];

describe('a server that says the key back by', () => {
  it.each(CASES)('%s', async (_, reply, code) => {
    const server = await serve((r) => (r.before === 0 ? { body: [posteriorsOf(record(0))] } : reply(r)));
    const ledger = temporaryFolder();
    const waits: string[] = [];
    const endpoint = await openAt(
      `${server.url.replace('//', '//${MODEL_USER}:pass-in-url@')}/p?key=\${MODEL_KEY}`,
      {
        more: { ...choice, budget: 9, batch: 1 },
        options: { ledger, env, onWait: (what) => waits.push(what) },
      },
    );
    // One that goes well (without a spare record to ask again), so that there is something in the ledger.
    const error = await ask(endpoint, records(2)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code });
    const [request] = server.requests;
    expect(request?.headers).toMatchObject({ 'x-api-key': KEY });
    expect(new URL(request?.path ?? '', 'http://x').searchParams.get('key')).toBe(KEY);
    const written = readdirSync(ledger).map((name) => readFileSync(join(ledger, name), 'latin1'));
    expect(written.join('').length).toBeGreaterThan(100);
    const all = [shown(error), ...waits, ...written].join('\n');
    expect(traces(all)).toEqual([]);
    expect(all).not.toContain('pass-in-url');
  });
});

describe('access', () => {
  it.each([401, 403])('refused with %i names the headers', async (status) => {
    const server = await serve(() => ({ status }));
    const endpoint = await openAt(server.url, { more: choice, options: { env } });
    await expect(ask(endpoint, records(1))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_AUTH',
      message: `${server.url} refuses access (${status}), with header Authorization, X-Api-Key`,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('without a header says that there was none', async () => {
    const server = await serve(() => ({ status: 401 }));
    await expect(ask(await openAt(server.url), records(1))).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_AUTH',
      message: expect.stringContaining('no header with a key was sent'),
    });
  });

  it.each([
    ['that is not set', {}],
    ['that is empty', { ...env, MODEL_KEY: ' ' }],
    ['of two lines', { ...env, MODEL_KEY: 'a\nb' }],
  ])('needs the variable: one %s', async (_, env) => {
    const ledger = temporaryFolder();
    await expect(
      openAt('http://127.0.0.1:1', {
        more: { headers: { 'x-api-key': '${MODEL_KEY}' } },
        options: { env, ledger },
      }),
    ).rejects.toMatchObject({
      code: 'MLD_ENDPOINT_AUTH',
      message: expect.stringMatching(/MODEL_KEY, which header x-api-key needs/),
    });
    expect(readdirSync(ledger)).toEqual([]);
  });
});

describe('a configuration that cannot work', () => {
  it.each<[string, string, Partial<EndpointChoice>]>([
    ['no address', 'predict', {}],
    ['no web address', 'file:///etc/passwd', {}],
    ['no place for records', 'http://h', { request: { x: 1 } }],
    ['one and many', 'http://h', { request: { x: '{{input}}', y: '{{inputs}}' } }],
    ['a GET without a place', 'http://h', { method: 'GET' }],
    ['a GET with a body', 'http://h?{{input}}', { method: 'GET', request: { x: '{{input}}' } }],
    ['a header over two lines', 'http://h', { headers: { 'x-a': 'a\r\nx-b: b' } }],
    ['a header with a strange name', 'http://h', { headers: { 'x a': 'a' } }],
    ['a path that is none', 'http://h', { response: 'a[' }],
    ['batches of none', 'http://h', { batch: 0 }],
    ['no time', 'http://h', { timeoutSeconds: 0 }],
  ])('%s', async (_, url, more) => {
    const ledger = temporaryFolder();
    await expect(openAt(url, { more, options: { ledger } })).rejects.toMatchObject({ code: 'MLD_CONFIG' });
    expect(readdirSync(ledger)).toEqual([]);
  });
});
