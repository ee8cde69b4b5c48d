/** Refuses values that cannot be right: no numbers, and sides that were scaled in different ways. */
import { AuditError } from '../../errors.ts';
import { elements } from '../dataset.ts';

/** Pictures of one side reach no further than this, … */
const UNIT = 1;
/** … and those of another further than this: the one was divided by 255 and the other was not. */
const PIXELS = 16;

/**
 * Sides lie one after the other in `x`, each with as many records as it has rows.
 *
 * @throws {AuditError} MLD_DATA_INVALID naming file and row, or the two files
 */
export function checkValues(
  sides: readonly { readonly path: string; readonly rows: Uint32Array }[],
  x: Uint8Array | Float32Array,
  recordShape: readonly number[],
): void {
  const length = elements(recordShape);
  let at = 0;
  const largest = sides.map(({ path, rows }) => {
    let most = 0;
    for (const end = at + rows.length * length, start = at; at < end; at++) {
      const value = Math.abs(x[at]!);
      if (value > most) most = value;
      if (value < Number.POSITIVE_INFINITY) continue;
      throw new AuditError(
        'MLD_DATA_INVALID',
        `${path}: row ${rows[Math.floor((at - start) / length)]} (from 0) holds ${x[at]}, which is no finite number in single precision`,
        'Fill in or take out what is missing, the way it was done for training.',
      );
    }
    return most;
  });
  if (recordShape.length < 3) return;
  const low = largest.findIndex((most) => most > 0 && most <= UNIT);
  const high = largest.findIndex((most) => most > PIXELS);
  if (low < 0 || high < 0) return;
  throw new AuditError(
    'MLD_DATA_INVALID',
    `pictures of ${sides[low]!.path} reach up to ${largest[low]}, those of ${sides[high]!.path} up to ${largest[high]}: they are scaled in different ways`,
    'Prepare all sides in the same way: a difference between them would look like a leak.',
  );
}
