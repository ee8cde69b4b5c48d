/** Saved outputs as a data set without inputs, and the answers as logits. */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { createDataset, type Dataset } from '../dataset.ts';
import { type RoleSizes, sidePlaces } from '../split.ts';
import type { SavedOutputTable } from './output-table.ts';

export interface OwnOutputs {
  /** Of records of which nothing is known but label and attributes, in a random order (`sidePlaces`); id `outputs`. */
  readonly data: Dataset;
  readonly sizes: RoleSizes;
  /** `rows × classes`: logits, or log posteriors (−∞ for a posterior of 0), by record. */
  readonly logits: Float32Array;
  /** sha256 of the logits. */
  readonly answers: string;
  readonly kind: SavedOutputTable['kind'];
  /** What the file calls each record, or its row, by record. */
  readonly names?: readonly string[];
  readonly notes: readonly string[];
  readonly rows: number;
}

/** @param seed of the split, which finds the sides again */
export const outputsDataset = (table: SavedOutputTable, seed: number): OwnOutputs => {
  const sides = [1, 0].flatMap((side) =>
    [...table.members.keys()].filter((row) => table.members[row] === side),
  );
  const order = new Uint32Array(sides.length);
  sidePlaces(sides.length, seed).forEach((place, i) => {
    order[place] = sides[i] as number;
  });
  const pick = <T>(values: ArrayLike<T>): T[] => Array.from(order, (row) => values[row] as T);
  const members = table.members.reduce((sum, one) => sum + one, 0);
  const attributes = Object.fromEntries(
    Object.entries(table.attributes).map(([name, { values, ...rest }]) => [
      name,
      {
        ...rest,
        values:
          values instanceof Int32Array ? Int32Array.from(pick(values)) : Float32Array.from(pick(values)),
      },
    ]),
  );
  const y = Int32Array.from(pick(table.labels));
  const data = createDataset({
    id: 'outputs',
    recordShape: [0],
    x: new Float32Array(0),
    y,
    classes: table.classes,
    normalisation: { scale: 1, mean: [], std: [] },
    ...(Object.keys(attributes).length > 0 && { attributes }),
  });
  const classes = table.classes.length;
  const logits = new Float32Array(order.length * classes);
  order.forEach((row, i) => {
    logits.set(logitsOf(table, row, y[i] as number, classes), i * classes);
  });
  return {
    data,
    sizes: { members, nonMembers: order.length - members, auxiliary: 0 },
    logits,
    answers: digest(logits),
    kind: table.kind,
    ...(table.names && { names: pick(table.names) }),
    notes: table.notes,
    rows: table.rows,
  };
};

/**
 * A loss is kept as log posteriors that have it: exp(−loss) for the label, the rest in equal shares. What the other
 * classes have is made up, so only attacks that read the loss alone are given such a table.
 */
const logitsOf = (
  { kind, values, width }: SavedOutputTable,
  row: number,
  label: number,
  classes: number,
): ArrayLike<number> => {
  if (kind === 'loss') {
    const loss = values[row] as number;
    const others = Math.log(-Math.expm1(-loss)) - Math.log(classes - 1);
    return Array.from({ length: classes }, (_, c) => (c === label ? -loss : others));
  }
  const own = values.subarray(row * width, (row + 1) * width);
  if (kind === 'logits') return own;
  const sum = own.reduce((a, b) => a + b, 0);
  return own.map((p) => Math.log(p / sum));
};

const digest = (values: Float32Array): string => {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256')
    .update(endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32())
    .digest('hex');
};
