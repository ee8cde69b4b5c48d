/** Draws the records of a side that are audited, when it has more than are wanted. */
import { stream } from 'onnx-grad';
import { AuditError } from '../../errors.ts';
import type { Side } from './sources/source.ts';

/**
 * At most `sample` of `records` rows, twice as many of auxiliary ones (they are halved later), in ascending order. Depends on
 * seed, side and these numbers alone.
 *
 * @throws {AuditError} MLD_LIMIT for more rows than can be drawn from
 */
export function drawRows(side: Side, records: number, sample: number, seed: number): Uint32Array {
  const wanted = side === 'auxiliary' ? 2 * sample : sample;
  if (records > 2 ** 32 - 1) {
    throw new AuditError('MLD_LIMIT', `${records} records on one side`, 'Give a part of them, a random one.');
  }
  if (records <= wanted) return Uint32Array.from({ length: records }, (_, row) => row);
  return stream(seed, 'own', side).sample(records, wanted).sort();
}
