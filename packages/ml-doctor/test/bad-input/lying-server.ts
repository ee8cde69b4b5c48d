/** A loopback server that answers nonsense, each kind of it at a path of its own. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = (value: unknown): Answer => ({ body: JSON.stringify(value) });
const rows = (count: number, row: readonly unknown[]) => json({ predictions: new Array(count).fill(row) });

const ANSWERS: Readonly<Record<string, (count: number) => Answer>> = {
  good: (count) => rows(count, [0.2, 0.3, 0.5]),
  html: () => ({ body: '<!doctype html><title>Sign in</title>', headers: { 'content-type': 'text/html' } }),
  empty: () => ({ body: '' }),
  cut: () => ({ body: '{"predictions": [[0.2, 0.3' }),
  few: (count) => rows(count - 1, [0.2, 0.3, 0.5]),
  wide: (count) => rows(count, [0.2, 0.2, 0.2, 0.2, 0.2]),
  ragged: (count) =>
    json({ predictions: Array.from({ length: count }, (_, i) => new Array((i % 3) + 1).fill(1)) }),
  null: (count) => rows(count, [null, null, null]),
  text: (count) => rows(count, ['a', 'b', 'c']),
  sum: (count) => rows(count, [1, 1, 1]),
  deep: () => ({ body: `{"predictions": ${'['.repeat(20_000)}${']'.repeat(20_000)}}` }),
  long: () => ({ body: `{"predictions": "${'x'.repeat(40 << 20)}"}` }),
  logits: (count) => rows(count, [-3, 5, 1.5]),
  '401': () => ({ status: 401, body: '{}' }),
  '404': () => ({ status: 404, body: 'not here' }),
  circle: () => ({ status: 307, headers: { location: '/circle' }, body: '' }),
  'to-file': () => ({ status: 307, headers: { location: 'file:///etc/passwd' }, body: '' }),
};

export interface LyingServer {
  readonly url: string;
  close(): void;
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

export const startLying = async (): Promise<LyingServer> => {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { inputs = [] } = JSON.parse(Buffer.concat(parts).toString() || '{}') as { inputs?: unknown[] };
    const answer = ANSWERS[(request.url ?? '').slice(1)]?.(inputs.length) ?? { status: 404, body: '' };
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body);
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** Host and port at which nobody listens any more. */
export const closedPort = async (): Promise<string> => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
};
