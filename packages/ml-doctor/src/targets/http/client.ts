/** One question over HTTP until it is answered: with patience where the server asks for it, and no longer than is useful. */
import { stream } from 'onnx-grad';
import { AuditError } from '../../errors.ts';
import type { Clock } from './clock.ts';
import type { EndpointChoice, EndpointOptions } from './endpoint.ts';
import { type Connections, exchange, type Outcome } from './exchange.ts';
import { answerFault, endpointFault } from './faults.ts';
import type { Quote } from './json-answer.ts';
import type { Pace } from './pace.ts';
import { redirectTarget } from './redirect.ts';
import { retryAfter } from './retry-after.ts';

export interface Client {
  /** The text of a good response; `too-many` where the server wants fewer records in a request. */
  ask(question: Question, signal: AbortSignal): Promise<string | typeof TOO_MANY>;
}

export interface Question {
  readonly address: string;
  readonly body?: string;
  readonly records: number;
  /** Bytes that the answer may have. */
  readonly bytes: number;
}

export const TOO_MANY = Symbol('too many records in a request');

export interface ClientParts {
  readonly choice: Pick<EndpointChoice, 'method' | 'retries' | 'timeoutSeconds'>;
  readonly headers: Readonly<Record<string, string>>;
  readonly sign?: EndpointOptions['sign'];
  /** The address and the headers that carry secrets, as they may be shown. */
  readonly shown: { readonly url: string; readonly headers: readonly string[]; readonly usual: string };
  readonly quote: Quote;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly connections: Connections;
  /** Told before anything is sent. @throws {AuditError} MLD_BUDGET */
  spend(records: number): Promise<void>;
  onWait(what: string): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A server that asks for more than this wants another day. */
const PATIENCE_MS = 3_600_000;
const MOST_REDIRECTS = 3;
const TRANSIENT = new Set([408, 429]);
/** What no second attempt changes. */
const FINAL_CODES = /^(?:ENOTFOUND|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|EBADENCODING)/;

export const openClient = (parts: ClientParts): Client => {
  const { choice, shown, quote, pace, clock, connections } = parts;
  const jitter = stream(0, 'endpoint', 'retries');
  let waits = 0;
  /** Whether anything has ever come back: where nothing listens from the start, the address is wrong. */
  let answered = false;
  /** Where a redirect led, so that it is not paid for again. */
  const moved = new Map<string, URL>();

  const attempt = async (question: Question, signal: AbortSignal): Promise<Outcome> => {
    let url = moved.get(question.address) ?? new URL(question.address);
    for (let hops = 0; ; hops++) {
      await pace.slot(signal);
      await parts.spend(question.records);
      signal.throwIfAborted();
      const plain = {
        method: choice.method,
        headers: parts.headers,
        ...(question.body !== undefined && { body: question.body }),
      };
      const headers = parts.sign?.({ ...plain, url: url.href }) ?? plain.headers;
      const limits = { timeoutMs: choice.timeoutSeconds * 1000, bytes: question.bytes };
      const outcome = await exchange({ ...plain, url, headers }, limits, connections, signal);
      if (outcome.kind !== 'response' || outcome.status < 300 || outcome.status >= 400) return outcome;
      if (hops === MOST_REDIRECTS)
        throw endpointFault(`${shown.url} redirects again and again`, 'Give the address where it ends.');
      url = redirectTarget(url, outcome.status, outcome.headers.location, shown.url);
      moved.set(question.address, url);
    }
  };

  const pause = async (tries: number, outcome: Outcome, signal: AbortSignal): Promise<void> => {
    const asked =
      outcome.kind === 'response' && (outcome.status === 429 || outcome.status === 503)
        ? retryAfter(outcome.headers['retry-after'], clock.now())
        : undefined;
    if (asked !== undefined && asked > PATIENCE_MS)
      throw endpointFault(
        `${shown.url} asks to be left alone for ${Math.round(asked / 1000)} seconds`,
        'Run again then: what has been answered is kept, and is not sent again.',
        true,
      );
    const [share = 0] = jitter.uniform(new Float64Array(1), waits++);
    const own = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries) * (0.5 + share / 2);
    const wait = asked ?? own;
    parts.onWait(`${shown.url}: ${inWords(outcome, choice)}; trying again in ${(wait / 1000).toFixed(1)} s`);
    // What the server asks for holds for everybody, not for this question alone.
    if (asked !== undefined) pace.quiet(asked);
    await clock.sleep(wait, signal);
  };

  return {
    ask: async (question, signal) => {
      for (let tries = 0; ; tries++) {
        const outcome = await attempt(question, signal);
        if (outcome.kind === 'response') answered = true;
        if (outcome.kind === 'large')
          throw new AuditError(
            'MLD_LIMIT',
            `the answer of ${shown.url} about ${question.records} records is over ${question.bytes} bytes`,
            'An answer is a few numbers per record: check the address, and that the server sends nothing else.',
          );
        if (outcome.kind === 'response') {
          const { status, text } = outcome;
          if (status >= 200 && status < 300) return text;
          if (status === 401 || status === 403) throw refused(status, shown);
          if (question.records > 1 && wantsFewer(status, text)) return TOO_MANY;
          if (status < 500 && !TRANSIENT.has(status)) throw rejected(status, text, shown, quote);
        } else if (
          outcome.kind === 'broken' &&
          (FINAL_CODES.test(outcome.code) || (!answered && outcome.code === 'ECONNREFUSED'))
        )
          throw unreachable(outcome, shown.url, choice, tries, quote);
        if (tries >= choice.retries) throw unreachable(outcome, shown.url, choice, tries, quote);
        await pause(tries, outcome, signal);
      }
    },
  };
};

const wantsFewer = (status: number, text: string): boolean =>
  status === 413 ||
  ((status === 400 || status === 422) &&
    /batch|too (?:large|many|big|long)|payload|request size/i.test(text));

const refused = (status: number, { url, headers }: ClientParts['shown']): AuditError =>
  new AuditError(
    'MLD_ENDPOINT_AUTH',
    `${url} refuses access (${status})${headers.length > 0 ? `, with header ${headers.join(', ')}` : '; no header with a key was sent'}`,
    headers.length > 0
      ? 'Check the environment variable behind the header, and what its key may do.'
      : // biome-ignore lint/suspicious/noTemplateCurlyInString: as a configuration holds it
        'Give `headers`, as `authorization: Bearer ${MODEL_TOKEN}`, and set the environment variable.',
  );

const rejected = (
  status: number,
  text: string,
  { url, usual }: ClientParts['shown'],
  quote: Quote,
): AuditError =>
  status === 404 || status === 405
    ? endpointFault(
        `${url} answered ${status}: ${said(text, quote)}`,
        `Check address and method; addresses of this protocol look like ${usual}.`,
      )
    : endpointFault(
        `${url} answered ${status}: ${said(text, quote)}`,
        'The server does not take what was sent: compare `protocol`, `request` and `layout` with what it documents.',
      );

const unreachable = (
  outcome: Outcome,
  url: string,
  choice: ClientParts['choice'],
  tries: number,
  quote: Quote,
): AuditError => {
  if (outcome.kind === 'broken' && outcome.code === 'EBADENCODING')
    return answerFault('answered with what its own content-encoding cannot unpack');
  const text = outcome.kind === 'response' ? `: ${said(outcome.text, quote)}` : '';
  return endpointFault(
    `${url}: ${inWords(outcome, choice)}${text}${tries > 0 ? ` (${tries + 1} attempts)` : ''}`,
    outcome.kind === 'timeout'
      ? 'Give it longer (`timeoutSeconds`), or fewer records at once (`batch`).'
      : 'Check the address and that the server runs; what has been answered is kept, and is not sent again.',
    true,
  );
};

const said = (text: string, quote: Quote): string => (text.trim() === '' ? 'nothing' : quote(text.trim()));

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no connection within the system’s own time',
};

const inWords = (outcome: Outcome, { timeoutSeconds }: ClientParts['choice']): string => {
  if (outcome.kind === 'timeout') return `no answer within ${timeoutSeconds} s`;
  if (outcome.kind === 'response') return `it answered ${outcome.status}`;
  return outcome.kind === 'broken'
    ? (WORDS[outcome.code] ?? `the request failed (${outcome.code})`)
    : 'too much';
};
