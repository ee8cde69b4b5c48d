/** Who of the records was a member, and which of them are looked at. */
import { stream } from 'onnx-grad';
import { AuditError } from '../../../errors.ts';
import { cellNumber, shownCell } from '../table/cells.ts';
import type { Cell, ColumnBlock } from '../table/table-source.ts';

/** Collects the column `member`: one byte a row, in a buffer that grows. */
export const memberFlags = () => {
  let flags = new Uint8Array(1 << 12);
  let size = 0;
  return {
    /** @throws {AuditError} MLD_DATA_INVALID for what is neither 0 nor 1, neither true nor false */
    take: ({ cells, place }: ColumnBlock): void => {
      if (size + cells.length > flags.length) {
        const larger = new Uint8Array(2 * (size + cells.length));
        larger.set(flags);
        flags = larger;
      }
      for (let i = 0; i < cells.length; i++) {
        const value = cellNumber(cells[i] as Cell);
        if (value !== 0 && value !== 1)
          throw new AuditError(
            'MLD_DATA_INVALID',
            `${place(i)}: column 'member' is ${shownCell(cells[i] as Cell)}, neither 0 nor 1`,
            'Give 1 for records that the model was trained on, 0 for the others.',
          );
        flags[size++] = value;
      }
    },
    flags: (): Uint8Array => flags.subarray(0, size),
  };
};

/**
 * Rows in ascending order: all of each side, or a random sample.
 *
 * @throws {AuditError} MLD_DATA_INVALID where a side has none
 */
export const sampledRows = (path: string, flags: Uint8Array, sample: number, seed: number): Uint32Array => {
  const sides = [1, 0].map((side) => {
    const count = flags.reduce((sum, flag) => sum + (flag === side ? 1 : 0), 0);
    if (count === 0)
      throw new AuditError(
        'MLD_DATA_INVALID',
        flags.length === 0
          ? `${path}: has no rows`
          : `${path}: all ${flags.length} rows have member ${1 - side}`,
        'Give outputs for records that the model was trained on (1) and for others (0).',
      );
    const rows = new Uint32Array(count);
    let at = 0;
    flags.forEach((flag, row) => {
      if (flag === side) rows[at++] = row;
    });
    if (count <= sample) return rows;
    return stream(seed, 'outputs', side === 1 ? 'members' : 'non-members')
      .sample(count, sample)
      .map((index) => rows[index] as number);
  });
  return Uint32Array.from(sides.flatMap((rows) => [...rows])).sort();
};
