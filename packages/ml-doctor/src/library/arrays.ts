/** What library users hold in memory: records with their labels, and saved outputs. */

import { AuditError } from '../errors.ts';
import { type NamedArray, npzBytes } from './write-npz.ts';

/** One row per record, or all rows one after the other. */
export type Rows = ArrayLike<number> | readonly ArrayLike<number>[];

/** Records in memory. */
export interface MemoryRecords {
  /** Raw values; `scale`, `mean` and `std` of the target are applied to them. */
  readonly x: Rows;
  /** One class index or class name per record. */
  readonly y: ArrayLike<number> | readonly string[];
  /** Of one record, as `[3, 32, 32]`; the length of a row by default. */
  readonly shape?: readonly number[];
}

/** What a model answered: exactly one of the first three. */
export interface MemoryOutputs {
  /** One row of probabilities per record. */
  readonly posteriors?: readonly ArrayLike<number>[];
  /** One row of logits, or of log-probabilities, per record. */
  readonly logits?: readonly ArrayLike<number>[];
  /** The cross-entropy of each record on its own label. */
  readonly loss?: ArrayLike<number>;
  readonly label: ArrayLike<number> | readonly string[];
  /** 1 for records that the model was trained on, 0 for others. */
  readonly member: ArrayLike<number>;
}

/**
 * @param name for messages, as `data.members`
 * @throws {AuditError} MLD_DATA_INVALID for rows of different lengths, or labels of another number
 */
export const recordsAsNpz = ({ x, y, shape }: MemoryRecords, name: string): Uint8Array => {
  const records = y.length;
  const table = tableOf(x, records, `${name}.x`);
  const own = shape ?? [table.values.length / records];
  const length = own.reduce((a, b) => a * b, 1);
  if (table.values.length !== records * length)
    throw invalid(
      `${name} has ${table.values.length} numbers for ${records} labels and records of shape [${own.join(', ')}]`,
      'Give one label for each record, and as many numbers as the shape says.',
    );
  return npzBytes({ x: { shape: [records, ...own], values: table.values }, y: column(y) });
};

/** @throws {AuditError} MLD_DATA_INVALID, also where none or two of posteriors, logits and loss are given */
export const outputsAsNpz = ({ label, member, ...given }: MemoryOutputs): Uint8Array => {
  const kinds = (['posteriors', 'logits', 'loss'] as const).filter((kind) => given[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    throw invalid(
      `saved outputs have ${kinds.length === 0 ? 'neither posteriors nor logits nor loss' : kinds.join(' and ')}`,
      'Give exactly one of posteriors, logits and loss.',
    );
  const values =
    kind === 'loss'
      ? column(given.loss as ArrayLike<number>)
      : tableOf(given[kind] as readonly ArrayLike<number>[], label.length, kind);
  return npzBytes({ [kind]: values, label: column(label), member: column(member) });
};

const column = (values: ArrayLike<number> | readonly string[]): NamedArray => ({
  shape: [values.length],
  values,
});

const tableOf = (rows: Rows, records: number, name: string): NamedArray => {
  if (records < 1) throw invalid(`${name} comes without labels`, 'Give one label for each record.');
  if (!isNested(rows)) return { shape: [records, rows.length / records], values: rows };
  const width = rows[0]?.length ?? 0;
  const odd = rows.findIndex((row) => row.length !== width);
  if (odd !== -1)
    throw invalid(
      `${name} has ${width} numbers in record 1 and ${rows[odd]?.length} in record ${odd + 1}`,
      'Give rows of the same length.',
    );
  if (rows.length !== records)
    throw invalid(`${name} has ${rows.length} rows for ${records} labels`, 'Give one label for each record.');
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    values.set(row, i * width);
  });
  return { shape: [records, width], values };
};

const isNested = (rows: Rows): rows is readonly ArrayLike<number>[] =>
  Array.isArray(rows) && typeof rows[0] === 'object';

const invalid = (what: string, hint: string): AuditError => new AuditError('MLD_DATA_INVALID', what, hint);
