/** A loopback server that offers one file, well or badly, for tests of downloads. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FileServer {
  readonly url: string;
  /** Of each request so far. */
  readonly asked: { readonly path: string; readonly range?: string; readonly ifRange?: string }[];
}

export type Behaviour = (request: IncomingMessage, reply: ServerResponse, before: number) => void;

/** Ends with the test. */
export async function serveFile(behaviour: Behaviour): Promise<FileServer> {
  const asked: FileServer['asked'] = [];
  const server = createServer((request, reply) => {
    const { range, 'if-range': ifRange } = request.headers;
    asked.push({
      path: request.url ?? '',
      ...(range !== undefined && { range }),
      ...(typeof ifRange === 'string' && { ifRange }),
    });
    behaviour(request, reply, asked.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

export interface Manners {
  readonly etag?: string;
  readonly modified?: string;
  /** Understands Range, as RFC 9110 has it. */
  readonly ranges?: boolean;
  /** Bytes of the answer after which the connection is cut. */
  readonly cutAfter?: number;
}

/** Sends the bytes, or what of them is asked for. */
export function send(
  request: IncomingMessage,
  reply: ServerResponse,
  bytes: Uint8Array,
  { etag, modified, ranges = true, cutAfter }: Manners = {},
): void {
  const { range, 'if-range': ifRange } = request.headers;
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const same = ifRange === undefined || ifRange === etag || ifRange === modified;
  const partial = ranges && range !== undefined && same;
  const body = partial ? bytes.subarray(start) : bytes;
  reply.writeHead(partial ? 206 : 200, {
    'content-length': body.length,
    ...(etag !== undefined && { etag }),
    ...(modified !== undefined && { 'last-modified': modified }),
    ...(partial && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  });
  if (cutAfter === undefined) reply.end(body);
  else reply.write(body.subarray(0, cutAfter), () => setTimeout(() => request.socket.destroy(), 20));
}
