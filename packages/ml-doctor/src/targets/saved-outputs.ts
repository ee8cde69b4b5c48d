/** A target that answers from a table of saved outputs: no model is needed, and no query is paid twice. */
import { IDENTITY } from '../data/view-key.ts';
import { AuditError } from '../errors.ts';
import type { Counted, WhiteBoxAccess } from './access.ts';
import { isPosterior, type OutputTable, SUM_TOLERANCE, unusable } from './answer-table.ts';
import { modelAccess } from './model-access.ts';

export type { OutputTable } from './answer-table.ts';

/**
 * @throws {AuditError} MLD_ARTIFACT for a table whose parts do not fit, with a record twice, with a row that is no row
 *   of logits, or of posteriors instead of logits; and from a query for a record the table does not hold, for a live
 *   query and for gradients
 */
export const savedOutputs = (table: OutputTable): WhiteBoxAccess & Counted =>
  modelAccess({ classes: table.classes, saved: [{ view: IDENTITY, table }] });

/** A table of posteriors. */
export interface PosteriorTable {
  /** Record of each row, all different. */
  readonly ids: Uint32Array;
  /** `rows × classes`, row-major; each row from 0 to 1, with sum 1 up to what printing rounded away. */
  readonly posteriors: Float32Array;
  readonly classes: number;
}

/**
 * As {@link savedOutputs}, from posteriors. A row that was rounded is scaled to sum 1.
 *
 * @throws {AuditError} MLD_ARTIFACT also for a row that is no distribution: NaN, below 0, or with another sum than 1;
 *   the message says when the whole table looks like logits
 */
export const savedPosteriors = ({ ids, posteriors, classes }: PosteriorTable): WhiteBoxAccess & Counted => {
  if (posteriors.length !== ids.length * classes)
    throw unusable(`${posteriors.length} numbers for ${ids.length} records of ${classes} classes`);
  const logits = new Float32Array(posteriors.length);
  ids.forEach((id, index) => {
    const row = posteriors.subarray(index * classes, (index + 1) * classes);
    if (!isPosterior(row, SUM_TOLERANCE)) throw notPosterior(id, row, looksLikeLogits(posteriors));
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((p, j) => {
      logits[index * classes + j] = Math.log(p / sum);
    });
  });
  return savedOutputs({ ids, logits, classes });
};

/** Finite numbers, some of them outside [0, 1]. */
const looksLikeLogits = (values: Float32Array): boolean =>
  values.every(Number.isFinite) && values.some((value) => value < 0 || value > 1 + SUM_TOLERANCE);

const notPosterior = (id: number, row: Float32Array, logits: boolean): AuditError => {
  const odd = row.find((p) => !(p >= 0 && p <= 1 + SUM_TOLERANCE));
  const what =
    odd === undefined ? `sums to ${row.reduce((a, b) => a + b, 0).toPrecision(4)}` : `holds ${odd}`;
  return new AuditError(
    'MLD_ARTIFACT',
    `the posteriors of record ${id} are no distribution: the row ${what}${logits ? '; the table looks like logits' : ''}`,
    logits
      ? 'Pass logits to savedOutputs, which applies the softmax.'
      : 'Save one row of numbers from 0 to 1 with sum 1 for every record.',
  );
};
