/** Takes some rows of an array out of a stream of its bytes, whichever way it lies in them, holding one row besides. */
import { AuditError } from '../../errors.ts';

export interface RowLayout {
  /** How errors name the array. */
  readonly name: string;
  readonly rows: number;
  /** Elements of a row. */
  readonly width: number;
  /** Bytes of an element. */
  readonly size: number;
  /** Bytes before the first row. */
  readonly start: number;
  /** Where the first index is the fastest: the axes of a row, outermost first; `undefined` where rows lie one after the other. */
  readonly fortran?: readonly number[];
}

/**
 * Called with a piece of row `wanted[slot]`: `count` elements from byte `at` of `view` on, which are those from element
 * `first` of the row on (row-major).
 */
export type TakePiece = (view: DataView, at: number, slot: number, first: number, count: number) => void;

/**
 * Goes through the whole stream, so that its end is where it should be.
 *
 * @param wanted rows in ascending order; all by default
 * @throws {AuditError} MLD_DATA_TRUNCATED for too few bytes, MLD_DATA_INVALID for too many
 */
export async function pickRows(
  blocks: AsyncIterable<Uint8Array>,
  layout: RowLayout,
  wanted: ArrayLike<number> | undefined,
  take: TakePiece,
): Promise<void> {
  const { name, rows, width, size, start, fortran } = layout;
  const expected = start + rows * width * size;
  const unit = fortran ? size : width * size;
  const perPass = wanted?.length ?? rows;
  const pieces = perPass * (fortran ? width : 1);
  const carried = new Uint8Array(unit);
  const carriedView = new DataView(carried.buffer);
  const places = fortran && rowMajorPlaces(fortran);
  let [piece, filled, position] = [0, 0, 0];
  const next = () => {
    if (piece >= pieces) return Number.POSITIVE_INFINITY;
    const slot = piece % perPass;
    const row = wanted ? wanted[slot]! : slot;
    return start + (fortran ? Math.floor(piece / perPass) * rows + row : row) * unit;
  };
  const emit = (view: DataView, at: number) => {
    const slot = piece % perPass;
    take(view, at, slot, places ? places[Math.floor(piece / perPass)]! : 0, fortran ? 1 : width);
    piece++;
  };
  let from = next();
  for await (const block of blocks) {
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
    const end = position + block.length;
    if (end > expected) throw tooLong(name, expected);
    while (from + filled < end) {
      const at = from + filled - position;
      const length = Math.min(unit - filled, block.length - at);
      if (length === unit) emit(view, at);
      else {
        carried.set(block.subarray(at, at + length), filled);
        filled += length;
        if (filled < unit) break;
        filled = 0;
        emit(carriedView, 0);
      }
      from = next();
    }
    position = end;
  }
  if (position < expected) {
    throw new AuditError(
      'MLD_DATA_TRUNCATED',
      `${name}: cut short, ${expected} bytes are announced and there are ${position}`,
      'Copy or download the file again.',
    );
  }
}

/** For each element of a row in the order in which the first axis is the fastest: its place where the last one is. */
function rowMajorPlaces(axes: readonly number[]): Uint32Array {
  const places = new Uint32Array(axes.reduce((product, size) => product * size, 1));
  const strides = axes.map((_, axis) => axes.slice(axis + 1).reduce((product, size) => product * size, 1));
  for (let i = 0; i < places.length; i++) {
    let [rest, place] = [i, 0];
    for (const [axis, size] of axes.entries()) {
      place += (rest % size) * strides[axis]!;
      rest = Math.floor(rest / size);
    }
    places[i] = place;
  }
  return places;
}

function tooLong(name: string, expected: number): AuditError {
  return new AuditError(
    'MLD_DATA_INVALID',
    `${name}: has more than the ${expected} bytes that its header announces`,
    'Copy or download the file again.',
  );
}
