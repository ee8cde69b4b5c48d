/** Requests to a training service: one at a time, and every failure in words. */
import { AuditError } from '../../errors.ts';
import type { Secrets } from './secrets.ts';

export interface ServiceRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}

export interface ServiceReply {
  readonly status: number;
  readonly text: string;
}

/** The service has read the request and said no: nothing was started, and nothing has to be paid. */
export class Refusal extends AuditError {}

/** Asks, whatever the status. */
export type Ask = (request: ServiceRequest, signal: AbortSignal) => Promise<ServiceReply>;

/** How much of an answer a message quotes. */
const QUOTED = 300;
/** Bytes of an answer that are read: no answer of these protocols is a tenth as long. */
const LONGEST = 16 * 1024 * 1024;
/** One request, be it the upload of the training data. */
const REQUEST_MINUTES = 10;

/** @throws {AuditError} from asking: MLD_SERVICE (transient) where there is no answer */
export const serviceClient =
  (secrets: Secrets): Ask =>
  async ({ method, url, headers, body }, signal) => {
    try {
      const reply = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        // A redirect would carry data and secrets to a place that nobody has named.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MINUTES * 60_000)]),
      });
      return { status: reply.status, text: await textOf(reply) };
    } catch (error) {
      signal.throwIfAborted();
      const { cause, message } = error as Error;
      const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
      throw new AuditError(
        'MLD_SERVICE',
        secrets.redact(`${method} ${url} had no answer: ${reason}`),
        'Check the address and the network, and run again: trainings that were started are found again.',
        { cause: new Error(secrets.redact(reason)), transient: true },
      );
    }
  };

const textOf = async ({ body }: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop ends the connection.
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > LONGEST) throw new Error(`its answer is longer than ${LONGEST} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

/** Whether the same request may succeed in a while. */
export const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/**
 * The answer as JSON.
 *
 * @throws {Refusal} MLD_ENDPOINT_AUTH for 401 and 403, else MLD_SERVICE
 * @throws {AuditError} MLD_SERVICE, transient for 408, 429 and 5xx, where it is open what the request did
 */
export const jsonFrom = (
  { method, url }: ServiceRequest,
  { status, text }: ServiceReply,
  secrets: Secrets,
): Readonly<Record<string, unknown>> => {
  const what = secrets.redact(`${method} ${url}`);
  if (status === 401 || status === 403)
    throw new Refusal(
      'MLD_ENDPOINT_AUTH',
      `${what} was refused with status ${status}: ${quoted(text, secrets)}`,
      'Check that the key or token is valid and may train models there.',
    );
  if (isPassing(status))
    throw new AuditError(
      'MLD_SERVICE',
      `${what} was answered with status ${status}: ${quoted(text, secrets)}`,
      'The service may be busy; run again later: trainings that were started are found again.',
      { transient: true },
    );
  if (status < 200 || status > 299)
    throw new Refusal(
      'MLD_SERVICE',
      `${what} was refused with status ${status}: ${quoted(text, secrets)}`,
      'Compare the settings of the service with its documentation.',
    );
  // S3 answers a stored object with nothing, and some services so what they have nothing to say to.
  if (text.trim() === '') return {};
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw notSpoken(`${what} was answered with something else than a JSON object: ${quoted(text, secrets)}`);
  return value as Readonly<Record<string, unknown>>;
};

/** An answer that does not fit the protocol. */
export const notSpoken = (what: string): AuditError =>
  new AuditError('MLD_SERVICE', what, 'Compare the service with the protocol in docs/training-services.md.');

export const quoted = (text: string, secrets: Secrets): string => {
  const line = secrets.redact(text).replace(/\s+/g, ' ').trim();
  if (line === '') return 'no reason given';
  return line.length > QUOTED ? `${line.slice(0, QUOTED)}…` : line;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
