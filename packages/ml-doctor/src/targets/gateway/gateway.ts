/**
 * Workers are processes of their own, but a remote model is asked in one place: one ledger, one budget, one rate, and the
 * secrets in one process. The gateway is that place; workers reach it over a local socket.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { AuditError } from '../../errors.ts';
import type { Answers, Inputs } from '../access.ts';
import type { RemoteTarget } from '../remote.ts';
import { socketPlace } from './socket-place.ts';
import { countFrom, floatsFrom, piecesOf, textOf, thrownFrom } from './wire.ts';

export interface Gateway {
  /** Where workers find it (a socket path; no network); goes into `Places`. */
  readonly address: string;
  /** Ends the questions that are open, on both sides, and removes the socket. */
  close(): Promise<void>;
}

const ROWS = 'x-rows';
const CLASSES = 'x-classes';

/** @param targets by the name under which tasks ask for them */
export const startGateway = async (targets: Readonly<Record<string, RemoteTarget>>): Promise<Gateway> => {
  const open = new Set<AbortController>();
  const server = createServer((question, reply) => {
    const stop = new AbortController();
    open.add(stop);
    // Also called after a reply that went out whole; there is nothing left to stop then.
    reply.on('close', () => stop.abort());
    void answer(targets, question, reply, stop.signal).finally(() => open.delete(stop));
  });
  // A large question of a busy worker may take as long as it takes: both ends are on this machine.
  server.requestTimeout = 0;
  const place = await socketPlace();
  try {
    server.listen(place.address);
    await once(server, 'listening');
  } catch (error) {
    place.remove();
    throw error;
  }
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    for (const stop of open) stop.abort();
    const gone = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await gone;
    place.remove();
  };
  return {
    address: place.address,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};

const answer = async (
  targets: Readonly<Record<string, RemoteTarget>>,
  question: IncomingMessage,
  reply: ServerResponse,
  signal: AbortSignal,
): Promise<void> => {
  try {
    // Read whole in any case: a reply in the middle of a question would break the pipe under who is writing it.
    const values = await floatsFrom(question);
    const rows = countFrom(question, ROWS);
    const name = decodeURIComponent((question.url ?? '').slice(1));
    const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
    if (target === undefined)
      throw new Error(
        `internal: the gateway has no target "${name}"; known: ${Object.keys(targets).join(', ')}`,
      );
    const { logits, classes } = await target.answers({ values, rows }, signal);
    reply.writeHead(200, { 'content-length': logits.byteLength, [CLASSES]: classes });
    await pipeline(Readable.from(piecesOf(logits)), reply);
  } catch (error) {
    // Whoever asked has gone, or has seen a part of the answer: there is nobody to tell.
    if (reply.destroyed || reply.headersSent) reply.destroy();
    else reply.writeHead(500).end(textOf(error));
  }
};

/** The other end. Errors come through as they are: code, message, hint, whether transient. */
export const gatewayTarget = (address: string, name: string): RemoteTarget => ({
  answers: async (inputs, signal) => {
    signal.throwIfAborted();
    const reply = await unlessGone(() => ask(address, name, inputs, signal), address, signal);
    if (reply.statusCode !== 200) throw thrownFrom(await unlessGone(() => text(reply), address, signal));
    const classes = countFrom(reply, CLASSES);
    const logits = await unlessGone(() => floatsFrom(reply), address, signal);
    if (logits.length !== inputs.rows * classes)
      throw new Error(
        `internal: ${logits.length} numbers came back for ${inputs.rows} inputs of ${classes} classes`,
      );
    return { logits, classes } satisfies Answers;
  },
});

/** Sends a question; the head of the reply. */
const ask = (address: string, name: string, { values, rows }: Inputs, signal: AbortSignal) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const question = request({
      socketPath: address,
      // A connection for each question: nothing is left open that would keep a worker alive or close under the next one.
      agent: false,
      method: 'POST',
      path: `/${encodeURIComponent(name)}`,
      headers: { 'content-length': values.byteLength, [ROWS]: rows },
      signal,
    });
    question.on('response', resolve);
    // Stays for the life of the request: it also takes what an abort in the middle of the reply throws here.
    question.on('error', reject);
    pipeline(Readable.from(piecesOf(values)), question).catch(reject);
  });

/** Any failure of the connection itself is either our own abort or the end of the process at the other side. */
const unlessGone = async <T>(step: () => Promise<T>, address: string, signal: AbortSignal): Promise<T> => {
  try {
    return await step();
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof Error && cause.message.startsWith('internal:')) throw cause;
    throw new AuditError(
      'MLD_ENDPOINT',
      `the process that asks the remote model is gone (${address})`,
      'Run again: answers that have arrived are kept and not paid for twice.',
      { cause, transient: true },
    );
  }
};
