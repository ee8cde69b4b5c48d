/** Saved answers of a model, checked once and looked up by record. */
import { AuditError } from '../errors.ts';

export interface OutputTable {
  /** Record of each row, all different. */
  readonly ids: Uint32Array;
  /** `rows × classes`, row-major: logits, or log posteriors, of which some may be −∞. */
  readonly logits: Float32Array;
  readonly classes: number;
}

/**
 * @throws {AuditError} MLD_ARTIFACT for a table whose parts do not fit, with a record twice, with a row that is no row
 *   of logits, or full of posteriors, whose softmax would be a wrong number
 */
export const answerTable = ({ ids, logits, classes }: OutputTable) => {
  if (logits.length !== ids.length * classes)
    throw unusable(`${logits.length} numbers for ${ids.length} records of ${classes} classes`);
  const rowOf = new Map<number, number>();
  const row = (index: number): Float32Array => logits.subarray(index * classes, (index + 1) * classes);
  ids.forEach((id, index) => {
    if (rowOf.has(id)) throw unusable(`two rows for record ${id}`);
    if (!isRowOfLogits(row(index)))
      throw unusable(`a row for record ${id} that has no softmax (NaN, +∞ or nothing but −∞)`);
    rowOf.set(id, index);
  });
  if (ids.length >= TELLING_ROWS && ids.every((_, index) => isPosterior(row(index))))
    throw new AuditError(
      'MLD_ARTIFACT',
      'the saved outputs are posteriors (every row lies in [0, 1] and sums to 1), where logits were expected',
      'Pass them to savedPosteriors, or save their logarithms.',
    );
  return {
    classes,
    /** The answers for a record; undefined when the table does not hold it. */
    row: (id: number): Float32Array | undefined => {
      const index = rowOf.get(id);
      return index === undefined ? undefined : row(index);
    },
  };
};

/** Fewer rows that happen to sum to 1 could be logits. */
const TELLING_ROWS = 5;

/** How far a row of posteriors may sum beside 1: printed with three digits, of a few hundred classes. */
export const SUM_TOLERANCE = 1e-2;

/** Whether the row lies in [0, 1] and sums to 1 up to rounding. Of a row of logits, next to impossible. */
export const isPosterior = (row: Float32Array, tolerance = 1e-4): boolean =>
  row.every((p) => p >= 0 && p <= 1 + tolerance) && Math.abs(row.reduce((a, b) => a + b, 0) - 1) <= tolerance;

/** Whether the softmax of the row exists: some finite value, and otherwise nothing but −∞. */
const isRowOfLogits = (row: Float32Array): boolean =>
  row.every((z) => Number.isFinite(z) || z === Number.NEGATIVE_INFINITY) && row.some(Number.isFinite);

export const unusable = (what: string): AuditError =>
  new AuditError(
    'MLD_ARTIFACT',
    `the saved outputs hold ${what}`,
    'Save one row of finite logits, or of log posteriors, for every record that is attacked.',
  );
