/** A real HTTP server on 127.0.0.1 that remembers what it was asked. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** As it was on the wire. */
  readonly target: string;
}

export interface Sent {
  readonly status?: number;
  readonly body?: unknown;
  /** Instead of JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Loopback {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** @param answer 'hang' never answers, 'drop' ends the connection */
export const startLoopback = async (
  answer: (request: Received) => Promise<Sent | 'hang' | 'drop'> | Sent | 'hang' | 'drop',
): Promise<Loopback> => {
  const received: Received[] = [];
  const server = createServer(async (message, reply) => {
    const target = message.url ?? '/';
    const { pathname: path, searchParams: query } = new URL(target, 'http://127.0.0.1');
    const { method = '', headers } = message;
    const request = { method, path, query, headers, body: await buffer(message), target };
    received.push(request);
    const sent = await answer(request);
    if (sent === 'hang') return;
    if (sent === 'drop') return void message.socket.destroy();
    const { status = 200, body, text = JSON.stringify(body ?? {}), headers: more = {} } = sent;
    reply.writeHead(status, { 'content-type': 'application/json', ...more }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
