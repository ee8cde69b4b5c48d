/** A loopback server for tests: a tiny linear model behind whatever manners a test wants. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a test sent
  readonly json: any;
  /** Requests before this one. */
  readonly before: number;
}

export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | 'reset'
  | 'hang';

export interface TestServer {
  readonly url: string;
  readonly requests: Received[];
}

/** Ends with the test. A body that is a text goes out as it is. */
export const serve = async (reply: (request: Received) => Reply | Promise<Reply>): Promise<TestServer> => {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      text,
      json: parsed(text),
      before: requests.length,
    };
    requests.push(received);
    const answer = await reply(received);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const { status = 200, headers = {}, body = '' } = answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const CLASSES = ['ant', 'bee', 'cat'] as const;
const WEIGHTS: readonly (readonly number[])[] = [
  [1, -0.5, 0.25, 0],
  [0, 1.5, -1, 0.5],
  [-1, 0, 0.5, 2],
];

export const logitsOf = (x: readonly number[]): number[] =>
  WEIGHTS.map((w) => w.reduce((sum, weight, i) => sum + weight * (x[i] as number), 0));

/** The model's posteriors of one record of four numbers. */
export const posteriorsOf = (x: readonly number[]): number[] => {
  const z = logitsOf(x).map(Math.exp);
  const sum = z.reduce((a, b) => a + b, 0);
  return z.map((e) => e / sum);
};
