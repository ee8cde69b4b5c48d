/** From (seed, purpose) to the numbers that address a random stream. */

import { createHash } from 'node:crypto';
import { OnnxGradError } from '../errors.ts';

/** An integer or a text; 7 and 7n are the same seed, '7' is another. */
export type Seed = number | bigint | string;

/** What the numbers are for, as a path: `['dropout', layer, step]`. */
export type Purpose = readonly (string | number)[];

/** 96 bits that tell one stream from another; the rest of Philox's input is the position in the stream. */
export interface StreamKey {
  readonly key0: number;
  readonly key1: number;
  /** Third word of the counter, so that streams that share a 64-bit key by accident still differ. */
  readonly counter2: number;
}

function canonical(part: Seed, what: string): string {
  if (typeof part === 'string') return JSON.stringify(part);
  if (typeof part === 'number' && !Number.isSafeInteger(part)) {
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `random stream: ${what} is ${part}, not an integer between -2^53 and 2^53`,
      'Use an integer (a bigint for a larger seed) or a string.',
    );
  }
  return BigInt(part).toString();
}

/**
 * The first 96 bits of SHA-256 over a JSON array of seed and purpose. JSON delimits its parts, so no two different
 * lists have the same text: ('a', 'bc') and ('ab', 'c') are different streams, as are 1 and '1'.
 *
 * Throws `OG_BAD_ARGUMENT` for a number that is not a safe integer.
 */
export function streamKey(seed: Seed, purpose: Purpose): StreamKey {
  const parts = [
    canonical(seed, 'the seed'),
    ...purpose.map((part, i) => canonical(part, `purpose part ${i}`)),
  ];
  const digest = createHash('sha256')
    .update(`onnx-grad/random/1 [${parts.join(',')}]`)
    .digest();
  return { key0: digest.readUInt32LE(0), key1: digest.readUInt32LE(4), counter2: digest.readUInt32LE(8) };
}
