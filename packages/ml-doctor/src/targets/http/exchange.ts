/** One request and its response, or why there is none. Never follows a redirect, never reads more than it may. */
import * as http from 'node:http';
import * as https from 'node:https';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { LONGEST_TIMER } from './clock.ts';

export interface Message {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Limits {
  readonly timeoutMs: number;
  /** Bytes of a response, after decompression too. */
  readonly bytes: number;
}

export type Outcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly text: string;
    }
  | { readonly kind: 'large' }
  | { readonly kind: 'timeout' }
  /** The system's code, as ECONNRESET; no message, as it could hold the address. */
  | { readonly kind: 'broken'; readonly code: string };

/** Connections are kept for the next request, but not so long that the server may have given them up. */
const IDLE_MS = 3000;

export interface Connections {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

export const openConnections = (): Connections => ({
  http: new http.Agent({ keepAlive: true, timeout: IDLE_MS }),
  https: new https.Agent({ keepAlive: true, timeout: IDLE_MS }),
});

/** @throws the signal's reason */
export const exchange = (
  { url, method, headers, body }: Message,
  { timeoutMs, bytes }: Limits,
  connections: Connections,
  signal: AbortSignal,
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const secure = url.protocol === 'https:';
    const end = (outcome: Outcome) => {
      clean();
      if (outcome.kind !== 'response') request.destroy();
      resolve(outcome);
    };
    const stop = () => {
      clean();
      request.destroy();
      reject(signal.reason);
    };
    const timer = setTimeout(() => end({ kind: 'timeout' }), Math.min(timeoutMs, LONGEST_TIMER));
    const clean = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    };
    const broken = (error: NodeJS.ErrnoException) => end({ kind: 'broken', code: error.code ?? 'unknown' });
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = (secure ? https : http).request(url, {
      method,
      headers: { ...headers, ...length },
      agent: secure ? connections.https : connections.http,
    });
    signal.addEventListener('abort', stop, { once: true });
    let answered = false;
    request.on('error', (error) => {
      // A server that has said no already need not read the rest.
      if (!answered) broken(error);
    });
    request.on('response', (response) => {
      answered = true;
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > bytes) end({ kind: 'large' });
        else parts.push(part);
      });
      response.on('error', broken);
      response.on('end', () => {
        const { statusCode: status = 0, headers: received } = response;
        const read = decoded(Buffer.concat(parts), received['content-encoding'], bytes);
        end(typeof read === 'string' ? { kind: 'response', status, headers: received, text: read } : read);
      });
    });
    request.end(body);
  });

/** Asked not to compress, some proxies do. */
const decoded = (bytes: Buffer, encoding: string | undefined, most: number): string | Outcome => {
  const unpack = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }[encoding ?? ''];
  if (unpack === undefined) return bytes.toString('utf8');
  try {
    return unpack(bytes, { maxOutputLength: most }).toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? { kind: 'large' } : { kind: 'broken', code: 'EBADENCODING' };
  }
};
