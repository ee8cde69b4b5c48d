/** How numbers and errors travel between a worker and the gateway: raw float32 of this machine, and errors as JSON. */
import type { IncomingMessage } from 'node:http';
import { type AuditCode, AuditError } from '../../errors.ts';

/** Small enough that a question of any size is sent without a second copy of it in memory. */
const PIECE_BYTES = 1 << 20;

/** The bytes of the numbers in pieces; views, not copies. */
export const piecesOf = function* (values: Float32Array): Generator<Uint8Array> {
  for (let start = 0; start < values.byteLength; start += PIECE_BYTES)
    yield new Uint8Array(
      values.buffer,
      values.byteOffset + start,
      Math.min(PIECE_BYTES, values.byteLength - start),
    );
};

/** The numbers of a message, as many as its head announces. Throws when the other end goes away in between. */
export const floatsFrom = async (message: IncomingMessage): Promise<Float32Array> => {
  const size = Number(message.headers['content-length']);
  if (!Number.isSafeInteger(size) || size % 4 !== 0)
    throw new Error(
      `internal: a message of ${message.headers['content-length']} bytes is no float32 numbers`,
    );
  const values = new Float32Array(size / 4);
  const bytes = new Uint8Array(values.buffer);
  let filled = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return values;
};

/** A count that a head carries. */
export const countFrom = (message: IncomingMessage, header: string): number => {
  const count = Number(message.headers[header] ?? Number.NaN);
  if (!Number.isSafeInteger(count) || count < 0)
    throw new Error(`internal: the header ${header} is ${message.headers[header]}, no count`);
  return count;
};

interface SentError {
  /** Without a code it was not made for users. */
  readonly code?: AuditCode;
  readonly message: string;
  readonly hint?: string;
  readonly transient?: boolean;
}

/** What was thrown, as text that {@link thrownFrom} makes an error of again. */
export const textOf = (error: unknown): string => {
  if (error instanceof AuditError) {
    const { code, message, hint, transient } = error;
    return JSON.stringify({ code, message, hint, transient } satisfies SentError);
  }
  return JSON.stringify({
    message: error instanceof Error ? error.message : String(error),
  } satisfies SentError);
};

/** An error made for users as it was; anything else is a defect at the other end. */
export const thrownFrom = (text: string): Error => {
  const { code, message, hint, transient } = JSON.parse(text) as SentError;
  if (code !== undefined) return new AuditError(code, message, hint ?? '', { transient: transient === true });
  return new Error(message.startsWith('internal:') ? message : `internal: ${message}`);
};
