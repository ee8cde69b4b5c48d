/** One request for a file: redirects followed with care, a silent server left, and refusals in words. */
import { AuditError } from '../../errors.ts';

/** The connection was lost, the server said nothing for too long, or it has trouble of its own: another try may do. */
export class Interrupted extends Error {}

export interface Opened {
  readonly status: number;
  readonly headers: Headers;
  /** Ends with {@link Interrupted} where the connection does before its time. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives the connection up, read to its end or not. */
  close(): void;
}

const MOST_REDIRECTS = 5;
const TRANSIENT = new Set([408, 425, 429]);
/** What no second attempt changes. */
const FINAL = /^(?:ENOTFOUND|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL)/;

/**
 * @param silence milliseconds without an answer, or without bytes of it, after which the server is given up
 * @throws {AuditError} MLD_DATA_FETCH where trying again is of no use
 * @throws {Interrupted} where it may be
 */
export async function request(
  address: string,
  asked: Readonly<Record<string, string>>,
  { silence, signal }: { readonly silence: number; readonly signal: AbortSignal },
): Promise<Opened> {
  const watch = watchdog(silence, signal);
  let url = new URL(address);
  try {
    for (let hops = 0; ; hops++) {
      watch.heard();
      const response = await fetch(url, {
        // Compressed on the way it could not be continued in the middle.
        headers: { 'accept-encoding': 'identity', ...asked },
        redirect: 'manual',
        signal: watch.signal,
      });
      if (![301, 302, 303, 307, 308].includes(response.status)) {
        if (response.status !== 200 && response.status !== 206 && response.status !== 416) {
          await response.body?.cancel();
          throw refusal(url, response.status);
        }
        const { status, headers } = response;
        return { status, headers, body: read(response, watch, url), close: watch.end };
      }
      await response.body?.cancel();
      if (hops === MOST_REDIRECTS)
        throw fetchFault(
          `${address} redirects again and again`,
          'Give the address where it ends, with --from.',
        );
      url = redirected(url, response.headers.get('location'));
    }
  } catch (error) {
    const explanation = explained(error, url, watch, signal);
    watch.end();
    throw explanation;
  }
}

async function* read(
  response: Response,
  watch: Watchdog,
  url: URL,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const bytes of response.body ?? []) {
      watch.heard();
      yield bytes;
      // Time that the disk took is not the server's.
      watch.heard();
    }
  } catch (error) {
    throw explained(error, url, watch, watch.outer);
  }
}

interface Watchdog {
  readonly signal: AbortSignal;
  readonly outer: AbortSignal;
  readonly silent: () => boolean;
  heard(): void;
  end(): void;
}

function watchdog(silence: number, outer: AbortSignal): Watchdog {
  const gone = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  return {
    signal: AbortSignal.any([outer, gone.signal]),
    outer,
    silent: () => gone.signal.aborted && !ended,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(() => gone.abort(), silence);
    },
    end() {
      clearTimeout(timer);
      ended = true;
      gone.abort();
    },
  };
}

function explained(error: unknown, { host }: URL, watch: Watchdog, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof AuditError || error instanceof Interrupted) return error;
  if (watch.silent()) return new Interrupted(`${host} said nothing for too long`);
  // What fetch throws is a TypeError with the reason as its cause; anything else is a fault of ours.
  if (!(error instanceof TypeError)) return error;
  const { code = '', message = '' } = (error.cause ?? {}) as NodeJS.ErrnoException;
  if (FINAL.test(code))
    return fetchFault(
      code === 'ENOTFOUND' ? `there is no server called ${host}` : `${host} cannot be trusted: ${message}`,
      code === 'ENOTFOUND'
        ? 'Check the network of this machine, or name a mirror with --from.'
        : 'Check the clock and the certificates of this machine, or name a mirror with --from.',
      error,
    );
  return new Interrupted(`the connection to ${host} was lost${code === '' ? '' : ` (${code})`}`);
}

function redirected(from: URL, location: string | null): URL {
  const to = location === null ? undefined : parsed(location, from);
  const why =
    to === undefined
      ? 'to no address'
      : to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')
        ? undefined
        : from.protocol === 'https:'
          ? `from https to ${to.protocol}//${to.host}, where anybody on the way could change the file`
          : `to ${to.protocol}, which is not of the web`;
  if (why === undefined) return to as URL;
  throw fetchFault(`${from.origin} redirects ${why}`, 'Name a mirror with --from, or get the file by hand.');
}

const parsed = (text: string, base: URL): URL | undefined => {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
};

function refusal(url: URL, status: number): Error {
  if (status >= 500 || TRANSIENT.has(status)) return new Interrupted(`${url.host} answered ${status}`);
  const what =
    status === 404 || status === 410
      ? 'the file is not there'
      : status === 401 || status === 403
        ? 'access is refused'
        : 'it gives no file';
  return fetchFault(
    `${url.origin}${url.pathname}: ${what} (${status})`,
    'See at the source where the file is now, and name its folder with --from, or get it by hand.',
  );
}

export const fetchFault = (message: string, hint: string, cause?: unknown): AuditError =>
  new AuditError('MLD_DATA_FETCH', message, hint, { cause });
