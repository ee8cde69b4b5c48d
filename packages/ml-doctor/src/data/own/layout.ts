/** Finds out where the channels of pictures are, and puts them first. */
import { AuditError } from '../../errors.ts';
import type { RecordForm } from './sources/source.ts';

export interface RecordLayout {
  /** Channels first: `[channels, height, width]`, or `[n]` for rows. */
  readonly recordShape: readonly number[];
  /** Whether the channels lie last in the file, and are to be moved. */
  readonly move: boolean;
}

const CHANNELS = [1, 3, 4];

/**
 * Records of one axis stay rows, of two are grey pictures, of three are pictures whose first or last axis is that of the
 * channels: the one of 1, 3 or 4, if it is one only.
 *
 * @param chosen goes before what the shape says, for arrays of three axes a record
 * @throws {AuditError} MLD_DATA_INVALID for a shape that could be either, is neither, or has more axes
 */
export function recordLayout(
  { shape, layout }: Pick<RecordForm, 'shape' | 'layout'>,
  path: string,
  chosen: 'nchw' | 'nhwc' | undefined,
): RecordLayout {
  if (layout === 'channels-first') return { recordShape: shape, move: false };
  const [a = 1, b = 1, c = 1] = shape;
  if (shape.length <= 1) return { recordShape: [a], move: false };
  if (shape.length === 2) return { recordShape: [1, a, b], move: false };
  const last = { recordShape: [c, a, b], move: true };
  if (layout === 'channels-last') return last;
  if (shape.length > 3) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${path}: records are of shape (${shape.join(', ')}); rows have one axis, pictures two or three`,
      'Save each record as a row or a picture.',
    );
  }
  const [first, final] = [CHANNELS.includes(a), CHANNELS.includes(c)];
  if (chosen === undefined && first === final) {
    throw new AuditError(
      'MLD_DATA_INVALID',
      `${path}: pictures of shape (${shape.join(', ')}) could have their channels ${first ? 'first or last' : 'anywhere'}`,
      'Say where they are with layout: nchw (first) or nhwc (last).',
    );
  }
  return (chosen ?? (final ? 'nhwc' : 'nchw')) === 'nhwc' ? last : { recordShape: shape, move: false };
}

/** Moves the channels of pictures, in place. @param recordShape as it is to be: channels, height, width */
export function channelsFirst(x: Uint8Array | Float32Array, recordShape: readonly number[]): void {
  const [channels = 1, height = 1, width = 1] = recordShape;
  const plane = height * width;
  const length = channels * plane;
  if (channels === 1) return;
  const scratch = x.slice(0, length);
  for (let start = 0; start < x.length; start += length) {
    scratch.set(x.subarray(start, start + length));
    for (let c = 0, to = start; c < channels; c++)
      for (let from = c; from < length; from += channels) x[to++] = scratch[from]!;
  }
}
